"""Words that people who write software use for one another. One who asks rarely has the words of the one who wrote.

Each line is a group. The table knows no project: it is the common tongue of bug reports and release notes.
"""

from __future__ import annotations

from devtools.learn.stems import stem

_GROUPS = """
fast quick speed slow performance latency seconds milliseconds took duration time expensive cost costs
speedup optimise optimize accelerate faster cheaper
hang hangs freeze stuck deadlock forever block wait waits endless
crash abort die died killed kill terminate segfault exit ends ended
kill signal sigkill sigint sigterm interrupt ctrl
fail failure error broken break wrong fault exception raise raises traceback
bug defect fault mistake wrong flaw
success pass passed green ok
red failing failed
delete remove drop erase gone vanish lost missing disappear
lose lost loss missing vanish swallow
add append insert extend
change edit modify alter update rewrite
create make build generate produce
start begin launch spawn open
stop end halt finish quit abort
finish complete done end whole
wait pause sleep delay block
ignore skip omit exclude neglect unnoticed silent
silent silently unnoticed quiet
find search look lookup discover locate query
search query find rank ranking
show display print output render
print output log message text
read load parse
write save store persist
keep hold retain remember store
cache cached memo record stale
stale old outdated obsolete
version upgrade release
new newer recent latest
copy clone duplicate
same identical equal duplicate
similar alike near resemble
different differ unlike distinct
compare comparison against beside
big large huge giant enormous many
small tiny little short few
long length longer
few rare seldom hardly
often common frequent everywhere usually
always every whole all ever
never none nowhere
random chance arbitrary seed luck
measure benchmark count estimate figure
number count amount share percent rate
result outcome answer output
guess predict expect assume
check verify test validate prove assert
test tests suite pytest
proof prove proved evidence
believe trust rely
explain reason cause why
need require depend
dependency package library module
function method call routine
argument parameter option flag
name identifier symbol
file document path
folder directory
temporary tmp scratch
line row
word term token
text string characters
sentence phrase
sign character letter byte
quote apostrophe backtick
heading title section topic
label caption
entry record item bullet
insight learning lesson learned
note comment remark
commit revision changeset
merge combine join union
conflict clash collide
branch fork
history log past
message subject title
trailer footer
hunk patch diff change
group cluster together split
split separate divide apart
order sort rank
setting configuration config option
environment variable
command program script
shell sh bash dash terminal
terminal console
process job task worker
background daemon detached
child subprocess
parent ancestor
thread parallel concurrent simultaneous
parallel side concurrent jobs
lock mutex
machine computer laptop
ci build server continuous integration
memory ram allocation
processor cpu core
network net model
model network transformer
neuron unit hidden
weight parameter connection edge path
train learn fit
training learning epochs steps
learning-rate rate step
overfit memorise memorize
generalise generalize new unseen
loss error
accuracy right correct
right correct true
noise jitter perturb random
initial init begin start
gradient derivative backward
minimum optimum valley plateau flat
stuck trapped rest frozen
batch chunk piece
array vector matrix tensor
loop iterate repeat
repeat again
attention head
window context
budget limit cap maximum
limit bound restrict
short brief truncate cut fold
hide hidden fold omit
important must critical
warning warn notice
security safe danger unsafe
attack inject injection
link symlink
empty blank nothing
space blank whitespace
wrap fold break
upper lower case
clock date timestamp
second seconds
user person people
developer programmer author
project repository repo
plugin extension hook
interpreter python
compile compiled bytecode binary
import load
rule law
colour color contrast
readable legible
picture image plot chart
page html site
browser chromium
question ask
refuse reject deny forbid
allow permit
enough suffice
useless worthless needless
""".strip().split("\n")


def _table() -> dict[str, frozenset[str]]:
    near: dict[str, set[str]] = {}
    for group in _GROUPS:
        members = {stem(word) for word in group.split()}
        for member in members:
            near.setdefault(member, set()).update(members - {member})
    return {member: frozenset(others) for member, others in near.items()}


NEAR = _table()
