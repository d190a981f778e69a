import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import { liveOn } from './support/live.ts'
import { setPool, sizeName, smallest } from './support/machine.ts'
import { hugepoolLine, run } from './support/program.ts'

// A user without privilege changes links, names and files of directories in which root works, all the
// time. All of it is in a mount namespace of its own, with an /etc and a /run that are thrown away.

const live = liveOn('pools that can be set', 'processes: mounts')

const stranger = (): string => join(dirname(process.env.HUGEPOOL_TEST_HOLDER ?? ''), 'stranger')

/** How long each command is raced with: so many rounds at least, and so many seconds. */
const rounds = 12
const seconds = Number(process.env.HUGEPOOL_STRANGER_SECONDS ?? 0)

interface Race {
  /** Where the stranger is at work, and the name of its directory there. */
  readonly directory: string
  readonly name: string
  /** What it makes and takes away there. */
  readonly leaf: string
  /** Where its links lead to. */
  readonly elsewhere: string
  /** The size of a file that it makes. */
  readonly bytes?: number
  /** What is there before it comes: a script of sh. */
  readonly setUp?: string
  /** The command lines of a round. */
  readonly lines: readonly string[]
  /** Files that may change elsewhere: an extended regular expression. */
  readonly mayChange?: string
}

const home = { directory: '/run/home', name: 'd', leaf: 'at', elsewhere: '/run/elsewhere' }

const script = ({ directory, name, leaf, elsewhere, bytes = 0, setUp = '', ...race }: Race) => {
  const [node, program] = hugepoolLine
  return `
mount --make-rprivate /
mkdir -p /run
mount -t tmpfs -o mode=755 none /run
mkdir -m 1777 /run/lock
mkdir -p /run/home /run/elsewhere/at /run/etc /run/systemd/system
cp /etc/passwd /run/etc/
echo '# of the administrator' > /run/etc/fstab
mount --bind /run/etc /etc
chown 65534 /run/home
echo canary > /run/elsewhere/at/canary
echo canary > /run/elsewhere/at.prom
mkdir /run/huge
mount -t hugetlbfs -o pagesize=${smallest},mode=1777 none /run/huge
${setUp}
hugepool() {
  status=0
  '${node}' '${program}' "$@" >/run/said 2>&1 </dev/null || status=$?
  echo "= $status $1"
  case $status in 70) cat /run/said; return 1 ;; esac
}
state() {
  find '${elsewhere}' /run/elsewhere /run/etc -exec stat -c '%n %F %u %a %i %h %s %y %N' '{}' ';' |
    grep -Ev '^(${race.mayChange ?? 'nothing'}) '
  cat /run/elsewhere/at/canary
  # What is mounted anywhere but in the stranger's own directory, under whatever name. Mounts that this
  # namespace began with go when others remove their directories.
  grep ' - hugetlbfs ' /proc/self/mountinfo | cut -d ' ' -f 5 | grep '^/run/' | grep -v '^${directory}/' || true
}
state > /run/before
'${stranger()}' '${directory}' '${name}' '${leaf}' '${elsewhere}' ${bytes} &
trap "kill $! 2>/dev/null || true" EXIT
end=$(($(date +%s) + ${seconds}))
round=0
while [ $round -lt ${rounds} ] || [ "$(date +%s)" -lt $end ]; do
  round=$((round + 1))
  ${race.lines.join('\n  ')}
done
kill -0 $!
state > /run/after
diff /run/before /run/after && echo 'nothing elsewhere'`
}

/** How often each command ended with which status. */
const endings = (out: string): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const [, ending = ''] of out.matchAll(/^= (.*)$/gm))
    counts[ending] = (counts[ending] ?? 0) + 1
  return counts
}

const isHarmless = async (t: Test, race: Race): Promise<void> => {
  setPool(smallest, 24)
  const { status, out, err } = await run(['unshare', '-m', 'sh', '-euc', script(race)])
  const counts = endings(out)
  t.comment(JSON.stringify(counts))
  t.equal(status, 0, `${err}${out.split('\n').slice(-40).join('\n')}`)
  t.match(out, /^nothing elsewhere$/m)
  const told = Object.keys(counts).map((ending) => Number(ending.split(' ')[0]))
  t.ok(told.length > 0)
  t.strictSame(
    told.filter((ending) => ![0, 1, 2, 3, 4, 64].includes(ending)),
    [],
    'and every end is one that the manual names',
  )
}

live('a stranger leads no new directory and no mount elsewhere', (t) =>
  isHarmless(t, {
    ...home,
    lines: [
      'hugepool mount /run/home/d/at/new --mkdir',
      'hugepool umount /run/home/d/at/new',
      'hugepool mount /run/home/d/new --mkdir --persist fstab',
      'hugepool umount /run/home/d/new --persist',
    ],
    mayChange: '/run/etc|/run/etc/fstab.*',
  }),
)

live('a stranger has root take off no mount elsewhere', (t) =>
  isHarmless(t, {
    ...home,
    setUp: `mkdir -m 777 /run/home/d /run/home/d/kept /run/elsewhere/kept
chown 65534 /run/home/d
mount -t hugetlbfs none /run/elsewhere/kept
for one in 1 2 3 4 5 6 7 8 9; do mount -t hugetlbfs none /run/home/d/kept; done`,
    lines: ['hugepool umount /run/home/d/kept'],
  }),
)

live('a stranger leads no copy elsewhere', (t) =>
  isHarmless(t, {
    ...home,
    setUp: ': > /run/huge/from',
    lines: [
      'hugepool cp /run/huge/from /run/home/d/at --force',
      'hugepool cp /run/huge/from /run/home/d/at.prom --force',
    ],
  }),
)

const huge = {
  directory: '/run/huge/home',
  name: 'd',
  leaf: 'at',
  elsewhere: '/run/huge/elsewhere',
}
const hugeRooms = `mkdir /run/huge/home /run/huge/elsewhere
chown 65534 /run/huge/home
echo > /run/small
fallocate -l ${smallest} /run/huge/elsewhere/at`

live('a stranger leads no copy elsewhere on hugetlbfs', (t) =>
  isHarmless(t, {
    ...huge,
    setUp: hugeRooms,
    lines: ['hugepool cp /run/small /run/huge/home/d/at --force'],
  }),
)

live('a stranger has root remove no file elsewhere', (t) =>
  isHarmless(t, {
    ...huge,
    bytes: smallest,
    setUp: hugeRooms,
    lines: ['hugepool files /run/huge/home --clean --yes --older 0s'],
  }),
)

live('a stranger leads no metrics elsewhere', (t) =>
  isHarmless(t, {
    ...home,
    leaf: 'at.prom',
    lines: ['hugepool metrics --output /run/home/d/at.prom'],
  }),
)

live('a stranger leads no metrics elsewhere from a sticky directory', (t) =>
  isHarmless(t, {
    ...home,
    directory: '/run/lock',
    name: '.',
    leaf: 'at.prom',
    lines: ['hugepool metrics --output /run/lock/at.prom'],
  }),
)

live('a stranger in the directory of the configuration has nothing obeyed', (t) =>
  isHarmless(t, {
    ...home,
    directory: '/etc/hugepool.d',
    name: '.',
    leaf: '50-hugepool.toml',
    setUp: `mkdir /run/drop-ins /etc/hugepool.d
mount --bind /run/drop-ins /etc/hugepool.d
chown 65534 /etc/hugepool.d
echo '# canary' > /run/elsewhere/50-hugepool.toml`,
    lines: [`hugepool overcommit ${sizeName(smallest)}=0 --persist`, 'hugepool apply'],
  }),
)

live('a stranger leads the lock nowhere', (t) =>
  isHarmless(t, {
    ...home,
    directory: '/run/lock',
    name: '.',
    leaf: 'hugepool.lock',
    setUp: 'echo canary > /run/elsewhere/hugepool.lock',
    lines: [`hugepool overcommit ${sizeName(smallest)}=+0`],
  }),
)
