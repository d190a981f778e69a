import { liveOn } from './support/live.ts'
import { persistentOf, poolPath, setPool, sizeName, smallest } from './support/machine.ts'
import { startSlowly } from './support/trace.ts'

const live = liveOn('real time')

const name = sizeName(smallest)
const path = poolPath(smallest, 'nr_hugepages')

/** Writes of 256, 128 and 64 MiB, for each of them takes too long to be followed by a larger one. */
const requested = (448 * 2 ** 20) / smallest
const delay = 700

/** Gives a command a terminal as stderr and passes on what appears there; stdout stays a pipe. */
const onTerminal = `
import os, pty, subprocess, sys
os.environ['TERM'] = 'xterm'
master, slave = pty.openpty()
child = subprocess.Popen(sys.argv[1:], stderr=slave)
os.close(slave)
while True:
    try:
        text = os.read(master, 65536)
    except OSError:
        break
    if not text:
        break
    os.write(2, text)
sys.exit(child.wait())
`

live('on a terminal a long growth shows progress after a second and clears it', async (t) => {
  setPool(smallest, 0)
  const words = ['resize', `${name}=${requested}`]
  const growth = startSlowly(path, delay, words, ['python3', '-c', onTerminal])
  const { status, out, err } = await growth.result
  t.equal(status, 0, 'is done')
  t.equal(persistentOf(smallest), requested)
  const shown = new RegExp(`^(\\r\\x1b\\[K${name}: \\d+ of ${requested} pages)+\\r\\x1b\\[K$`)
  t.match(err, shown, 'pages of those asked for, again and again, and nothing at the end')
  t.ok((growth.errTimes[0] ?? 0) >= 1000, 'not before a second')
  t.notOk(out.includes('\r'), 'the table has nothing of it')
})

live('a growth of less than a second shows no progress on a terminal', async (t) => {
  const words = ['resize', `${name}=4`]
  let shown: string | undefined
  // Where this machine stalls, it is a growth of more than a second.
  for (let tries = 0; shown !== '' && tries < 4; tries += 1) {
    setPool(smallest, 0)
    const growth = startSlowly(path, 1, words, ['python3', '-c', onTerminal])
    const { status, err } = await growth.result
    t.equal(status, 0)
    shown = err
  }
  t.equal(shown, '')
})

live('without a terminal there is no progress', async (t) => {
  setPool(smallest, 0)
  const growth = startSlowly(path, delay, ['resize', `${name}=${requested}`])
  const { status, out, err } = await growth.result
  t.strictSame({ status, err }, { status: 0, err: '' })
  t.match(out.split('\n')[1] ?? '', new RegExp(`^${name} +all +0 +${requested} +${requested} `))
})
