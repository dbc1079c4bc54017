"""The live channel: what changed in a workshop reaches every screen of it within a second.

Operations call `announce()` inside their transaction. After the commit the hub of this process, and through Redis the
hub of every other, reads the workshop anew and gives it to the screens that follow `stream_url()`.
"""

from workshops.live.bus import Topic
from workshops.live.keys import stream_url
from workshops.live.notices import announce
from workshops.live.state import PhoneFragment

__all__ = ["PhoneFragment", "Topic", "announce", "stream_url"]
