"""The reference: a plain verifier as there are many. One connection per address, 50 at once.

It looks a domain's MX up once, and for each address connects, says EHLO, MAIL, RCPT for it and for a made-up
one, and QUIT. Whatever RCPT is answered but 250 it calls invalid, as such tools do; nothing is asked again.
`python -m bench.reference FILE` prints what it took as a line of JSON; settings come from the environment.
"""

import asyncio
import csv
import json
import os
import secrets
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiodns

from bench.usage import peak_mb

AT_ONCE = 50
PATIENCE_S = 10.0
NO_HOST = "invalid", "no_mail_host"
Verdict = tuple[str, str]


@dataclass(slots=True)
class Plain:
    """The verifier: a DNS cache, a semaphore, and what it found."""

    dns: aiodns.DNSResolver
    port: int
    at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    hosts: dict[str, asyncio.Task[str]] = field(default_factory=dict)

    async def verify(self, address: str) -> Verdict:
        """Ask about one address."""
        async with self.at_once:
            domain = address.rpartition("@")[2]
            if domain not in self.hosts:
                self.hosts[domain] = asyncio.create_task(self._host_of(domain))
            ip = await self.hosts[domain]
            if not ip:
                return NO_HOST
            try:
                async with asyncio.timeout(PATIENCE_S):
                    return await self._ask(ip, address, domain)
            except (OSError, TimeoutError, ValueError, EOFError):
                return "unknown", "no_answer"

    async def _host_of(self, domain: str) -> str:
        """Find the address of a domain's first mail host; `""` where there is none."""
        try:
            found = (await self.dns.query_dns(domain, "MX")).answer
            names = [record.data.exchange for record in found if record.type == 15]
            known = (await self.dns.query_dns(names[0], "A")).answer
            return str(known[0].data.addr)
        except (aiodns.error.DNSError, IndexError):
            return ""

    async def _ask(self, ip: str, address: str, domain: str) -> Verdict:
        reader, writer = await asyncio.open_connection(ip, self.port)
        try:
            if await _reply(reader) != 220:
                return "unknown", "refused"
            for command in ("EHLO winnow.sandbox", "MAIL FROM:<verify@winnow.sandbox>"):
                await _say(reader, writer, command)
            is_taken = await _say(reader, writer, f"RCPT TO:<{address}>") == 250
            is_any = await _say(reader, writer, f"RCPT TO:<{secrets.token_hex(8)}@{domain}>") == 250
            await _say(reader, writer, "QUIT")
        finally:
            writer.close()
        if not is_taken:
            return "invalid", "refused"
        return ("accept_all", "accept_all") if is_any else ("valid", "accepted")


async def _say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, command: str) -> int:
    writer.write(f"{command}\r\n".encode())
    return await _reply(reader)


async def _reply(reader: asyncio.StreamReader) -> int:
    """Read a whole reply, and give its code."""
    while True:
        line = await reader.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        if line[3:4] != b"-":
            return int(line[:3])


async def verify_all(addresses: list[str], resolver: str, port: int) -> dict[str, Verdict]:
    """Verify a list, by the DNS server at `IP:port` and mail hosts at this port."""
    plain = Plain(_channel(resolver), port)
    found: dict[str, Verdict] = {}

    async def one(address: str) -> None:
        found[address] = await plain.verify(address)

    waiting = iter(addresses)

    async def take() -> None:
        for address in waiting:
            await one(address)

    await asyncio.gather(*(take() for _ in range(2 * AT_ONCE)))
    await plain.dns.close()
    return found


def _channel(resolver: str) -> aiodns.DNSResolver:
    return aiodns.DNSResolver(nameservers=[resolver], timeout=2.0, tries=2)


def main(file: str) -> None:
    """Verify the file's e-mail column and print the report, the verdicts beside the file."""
    with Path(file).open(encoding="utf-8", newline="") as opened:
        addresses = [row["E-mail"] for row in csv.DictReader(opened)]
    began, cpu = time.perf_counter(), time.process_time()
    found = asyncio.run(verify_all(addresses, os.environ["RESOLVERS"], int(os.environ["SMTP_PORT"])))
    report = {
        "rows": len(addresses),
        "run_s": time.perf_counter() - began,
        "cpu_s": time.process_time() - cpu,
        "peak_mb": peak_mb(),
    }
    Path(f"{file}.found.json").write_text(json.dumps(found), encoding="utf-8")
    print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
