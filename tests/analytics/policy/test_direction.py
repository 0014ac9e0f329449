"""Direction of single sentences, added to an otherwise equal text: all of them invented."""

from __future__ import annotations

from datetime import datetime

import pytest

from analytics.policy import PolicyChange, Version, find_changes

BASE = """Acme Terms
==========

These terms are between you and Acme Ltd ("Acme," "we" or "us"). You may use the service while you keep to them.

Prices are shown before you order. We may change the design of the service.
"""


def change(before: str, after: str) -> PolicyChange:
    texts = (f"{BASE}\n{text}\n" for text in (before, after))
    (found,) = find_changes([Version(datetime(2024, month, 1), text) for month, text in enumerate(texts, 1)])
    return found


GRANTS = {
    "We may use your content to train our machine learning models.": {"ai_training"},
    "You grant us a worldwide, royalty-free, sublicensable licence to host, copy and adapt your content.": {"legal"},
    "Acme may share your personal information with advertisers and other partners.": {"data_sharing"},
    "We collect information about the devices that you use.": {"data_collection"},
    "You agree that Acme may monitor your messages to keep the service pleasant.": {"surveillance"},
    "Your photos may be used for training image models by artificial intelligence providers.": {"ai_training"},
    "We keep your messages for ten years after you close your account.": {"retention"},
    "By using the service you consent to our use of usage data for analytics, marketing, and machine learning.": {
        "ai_training"
    },
    "Nothing in this section limits our right to sell aggregated data.": {"data_sharing"},
    "You cannot opt out of the use of your posts for training our language models.": {"ai_training"},
}
RESTRICTIONS = {
    "We will not use your content to train artificial intelligence models without your consent.": {
        "ai_training",
        "consent",
    },
    "Acme does not use any of your audio, video or chat to train its own or third-party AI models.": {"ai_training"},
    "We never sell your personal data.": {"data_sharing"},
    "You may opt out of the use of your posts for training our language models.": {"ai_training", "opt_out"},
    "We will only process customer data as instructed by the customer.": set[str](),
    "Your messages are never shared with third parties.": {"data_sharing"},
    "You have the right to object to our processing of your information.": {"opt_out"},
    "No customer content is used to train models.": {"ai_training"},
    "We don't monitor the content of your calls.": {"surveillance"},
}
NEITHER = [
    "You may not use the service to train machine learning models on other people's content.",
    "We are not responsible for information that you share with third parties.",
    "With your consent, we may share your photos with our partners.",
    "We may change the colour of the buttons.",
    "The courts of Vienna have jurisdiction.",
    "We maintain safeguards against unauthorized access to your data.",
    "Members must not share their passwords with others.",
]


@pytest.mark.parametrize(("sentence", "themes"), GRANTS.items())
def test_a_grant_widens_when_it_comes_and_narrows_when_it_goes(sentence: str, themes: set[str]) -> None:
    """What the company may do with data decides, and the sentence's subject is named."""
    came, went = change("", sentence), change(sentence, "")
    assert (came.direction, went.direction) == ("widens", "narrows")
    assert themes <= set(came.themes)
    assert came.added == went.removed == (sentence,)


@pytest.mark.parametrize(("sentence", "themes"), RESTRICTIONS.items())
def test_a_restriction_narrows_when_it_comes_and_widens_when_it_goes(sentence: str, themes: set[str]) -> None:
    """A negation, a limit or a right to refuse turns what is named around."""
    came, went = change("", sentence), change(sentence, "")
    assert (came.direction, went.direction) == ("narrows", "widens")
    assert themes <= set(came.themes)


@pytest.mark.parametrize("sentence", NEITHER)
def test_what_binds_or_frees_the_company_in_nothing_has_no_direction(sentence: str) -> None:
    """People's duties, liability, a use for which they are asked each time, and other matters."""
    assert change("", sentence).direction == change(sentence, "").direction == "unclear"


EDITS = [
    (
        "We may share your data with partners.",
        "We may share your data, photos, contacts and messages with partners.",
        "widens",
    ),
    ("We may share your data with partners.", "We may share your aggregated data with partners.", "narrows"),
    ("We will never sell your personal data.", "We will never sell your personal data unless we merge.", "widens"),
    ("We do not sell your photos.", "We do not sell your photos, messages, contacts or recordings.", "narrows"),
    ("We do not sell your photos.", "We may sell your photos.", "widens"),
    ("We may share your data with our partners.", "We may share your data with our friends.", "unclear"),
    (
        "We may share your photos with affiliates.",
        "We may share your photos with affiliates and advertisers.",
        "widens",
    ),
    ("We may share your photos with third parties.", "We may share your photos with vendors.", "narrows"),
    ("We only share photos with affiliates.", "We only share photos with affiliates and vendors.", "widens"),
    ("We never share photos.", "We never share photos or messages.", "narrows"),
    ("We keep your messages for 30 days.", "We keep your messages for two months.", "widens"),
    ("We keep your messages for ever.", "We keep your messages for a while.", "narrows"),
    ("You must keep your files for 30 days.", "You must keep your files for 60 days.", "unclear"),
    ("We sell your photos only if you opt in.", "We sell your photos unless you opt out.", "widens"),
    ('"Content" means files you upload.', '"Content" means files and messages you upload.', "widens"),
    ('"Holiday" means a Sunday.', '"Holiday" means a Sunday or a Monday in May.', "unclear"),
]


@pytest.mark.parametrize(("before", "after", "direction"), EDITS)
def test_an_edited_sentence_is_read_by_what_it_gains_and_loses(before: str, after: str, direction: str) -> None:
    """A permission of more, within limits, a refusal with an exception, of more, and the negation itself."""
    assert change(before, after).direction == direction


def test_a_restriction_that_comes_with_its_grant_does_not_offset_it() -> None:
    """What was not allowed at all is allowed within limits now; of different practices both count."""
    grant = "We may use your content to train our models."
    condition = "We will not use your content to train models of third parties."
    assert change("", f"{grant} {condition}").direction == "widens"
    assert change("", f"{grant} We never sell your personal data.").direction == "mixed"
    assert change(grant, f"{grant} {condition}").direction == "narrows"


def test_a_provision_that_is_written_anew_has_no_direction() -> None:
    """The same practice granted before and after, in words that have little in common."""
    before = "To advertisers, brokers and whoever else asks us in writing, we may disclose information about you."
    after = "Acme may share personal data with selected third parties."
    assert change(before, after).direction == "unclear"


def test_a_new_recipient_is_seen_in_a_section_that_is_written_anew() -> None:
    """The other recipients are told in new words before and after; those words alone say nothing."""
    before = "To the vendors who run our machines, we may disclose information about you."
    after = "Acme may share personal data with vendors. So that they can run campaigns, advertisers receive data too."
    assert change(before, after.partition(" So")[0]).direction == "unclear"
    assert change(before, after).direction == "widens"
