import t from 'tap'
import { bridgeFor } from '../../src/cli/foreign-hint.ts'

// These are compared with what setup.sh does by its text: no package of Debian has it.

const hintFor = (line: string) => bridgeFor(line.split(' '))?.hint

const shrinks = ', which takes pages away too, as SHRINK_HUGE=yes does'

/** What is typed, and the command that is the same but for larger pools, which the script leaves. */
const leaving: Readonly<Record<string, string>> = {
  'NRHUGE=64': 'resize default=64',
  'HUGEMEM=4096': 'resize default=4096M',
  'HUGEMEM=4096 NRHUGE=64': 'resize default=64',
  'HUGEMEM=128 HUGENODE=0': 'resize default=0:128M',
  'HUGENODE=0 NRHUGE=64': 'resize default=0:64',
  'NRHUGE=64 HUGENODE=1': 'resize default=1:64',
  'HUGENODE=0,2 NRHUGE=64': 'resize default=0:64,2:64',
  'HUGENODE=nodes_hp[0]=64,nodes_hp[1]=32,2 NRHUGE=7': 'resize default=0:64,1:32,2:7',
  'HUGENODE=nodes_hp[0]=64': 'resize default=0:64',
  'HUGENODE=x NRHUGE=7': 'resize default=NODE:COUNT',
  'HUGENODE=1': 'resize default=1:2048M',
  'HUGENODE=1 HUGEPGSZ=1048576 NRHUGE=4': 'resize 1048576kB=1:4',
  'HUGEPGSZ=1048576 NRHUGE=4': 'resize default=4',
  'PERSIST_HUGE=yes NRHUGE=64': 'resize default=64 --persist',
  'PERSIST_HUGE=yes NRHUGE=64 HUGENODE=0': 'resize default=0:64',
  'PERSIST_HUGE=no NRHUGE=64': 'resize default=64',
  'SHRINK_HUGE=no NRHUGE=64': 'resize default=64',
  'NRHUGE=some': 'resize default=COUNT',
  'HUGEMEM=4G': 'resize default=AMOUNT',
  'setup.sh': 'resize default=2048M',
  './scripts/setup.sh config': 'resize default=2048M',
  'NRHUGE=64 ./scripts/setup.sh': 'resize default=64',
  'scripts/setup.sh NRHUGE=64': 'resize default=64',
}

t.test('what is reserved, and where', async (t) => {
  for (const [typed, command] of Object.entries(leaving))
    t.equal(hintFor(typed), `'hugepool ${command}'${shrinks}`, typed)
})

t.test('the script takes pages away only where it is told to', async (t) => {
  t.equal(hintFor('NRHUGE=64 SHRINK_HUGE=yes'), "'hugepool resize default=64'")
  t.equal(hintFor('CLEAR_HUGE=yes NRHUGE=64'), "'hugepool resize default=64'")
  t.equal(hintFor('CLEAR_HUGE=yes'), "'hugepool resize default=2048M'")
  t.equal(
    hintFor('CLEAR_HUGE=yes HUGENODE=1 NRHUGE=64'),
    "'hugepool resize default=0', then 'hugepool resize default=1:64'",
  )
})

t.test('what its other modes do', async (t) => {
  t.equal(hintFor('setup.sh status'), "'hugepool list --per-node'")
  t.equal(
    hintFor('scripts/setup.sh reset'),
    "'hugepool files --clean' removes the files that nobody has",
  )
  t.equal(
    hintFor('setup.sh cleanup'),
    "'hugepool resize default=0', and 'rm /usr/local/lib/sysctl.d/99-spdk.conf' for what PERSIST_HUGE=yes wrote",
  )
})

t.test('words that only look like these', async (t) => {
  for (const typed of ['list NRHUGE', 'mount /mnt/setup.sh.d', 'resize xNRHUGE=4'])
    t.equal(hintFor(typed), undefined, typed)
  t.equal(bridgeFor(['list', 'a NRHUGE=64']), undefined, 'one word with a blank')
})
