import asyncio

from engine.news import News

LONG_S = 3600.0


def hear(*waits: float, is_told: bool) -> None:
    async def listen():
        news = News()
        if is_told:
            news.tell()
            news.tell()
        for seconds in waits:
            await news.wait(seconds)

    asyncio.run(asyncio.wait_for(listen(), 10))


def test_news_that_were_told_before_are_heard_at_once():
    hear(LONG_S, is_told=True)


def test_who_hears_nothing_goes_on_after_a_while():
    hear(0.01, is_told=False)


def test_news_are_heard_once_however_often_they_were_told():
    async def listen():
        news = News()
        news.tell()
        news.tell()
        await news.wait(LONG_S)
        waiting = asyncio.create_task(news.wait(LONG_S))
        for _ in range(5):
            await asyncio.sleep(0)
        is_waiting = not waiting.done()
        news.tell()
        await waiting
        return is_waiting

    assert asyncio.run(asyncio.wait_for(listen(), 10))
