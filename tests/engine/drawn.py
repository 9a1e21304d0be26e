"""What tests of properties draw at random (hypothesis) in more files than one."""

from hypothesis import strategies as st

from engine.policy import AcceptAllAs, Policy, Weight


def policies(**further: st.SearchStrategy[object]) -> st.SearchStrategy[Policy]:
    """Draw policies that weigh each kind of address as they like; what else they say is given."""
    return st.builds(
        Policy,
        accept_all=st.sampled_from(AcceptAllAs),
        role=st.sampled_from(Weight),
        free=st.sampled_from(Weight),
        disposable=st.sampled_from(Weight),
        full=st.sampled_from(Weight),
        least_confidence=st.integers(0, 100),
        **further,
    )
