import t from 'tap'
import { progressLine } from '../../src/output/progress.ts'

const clearLine = '\r\u001b[K'
const progress = { label: '2M', obtained: 5n, requested: 10n }

const watched = ({ terminal = true, environment = {}, wanted = true } = {}) => {
  let said = ''
  let now = 0
  const err = (text: string) => {
    said += text
  }
  const streams = { out: err, err, outIsTerminal: true, errIsTerminal: terminal, environment }
  const line = progressLine(streams, () => now, wanted)
  const at = (milliseconds: number) => {
    now = milliseconds
    line.show({ ...progress, obtained: BigInt(milliseconds) })
  }
  const one = (milliseconds: number) => {
    now = milliseconds
    line.show({ label: '1G', obtained: 0n, requested: 1n })
  }
  return { at, one, clear: line.clear, said: () => said.replaceAll(clearLine, '|') }
}

t.test('what takes less than a second needs no progress', async (t) => {
  const { at, clear, said } = watched()
  at(0)
  at(999)
  clear()
  t.equal(said(), '')
})

t.test('after a second a line that is overwritten, and cleared at the end', async (t) => {
  const { at, clear, said } = watched()
  at(0)
  at(1000)
  at(1700)
  t.equal(said(), '|2M: 1000 of 10 pages|2M: 1700 of 10 pages')
  clear()
  clear()
  t.equal(said(), '|2M: 1000 of 10 pages|2M: 1700 of 10 pages|')
})

t.test('one page is no pages', async (t) => {
  const { one, said } = watched()
  one(0)
  one(1000)
  t.equal(said(), '|1G: 0 of 1 page')
})

t.test('at most twice a second, however often there is news', async (t) => {
  const { at, said } = watched()
  for (let now = 0; now < 3000; now += 10) at(now)
  const shown = [1000, 1500, 2000, 2500].map((now) => `|2M: ${now} of 10 pages`)
  t.equal(said(), shown.join(''))
})

t.test('none without a terminal, on a dumb one, or where it is not wanted', async (t) => {
  for (const around of [
    { terminal: false },
    { environment: { TERM: 'dumb' } },
    { wanted: false },
  ]) {
    const { at, clear, said } = watched(around)
    at(0)
    at(5000)
    clear()
    t.equal(said(), '', JSON.stringify(around))
  }
})

t.test('any other terminal shows it', async (t) => {
  const { at, said } = watched({ environment: { TERM: 'xterm' } })
  at(0)
  at(5000)
  t.equal(said(), '|2M: 5000 of 10 pages')
})

t.test('of a stream nobody knows how many pages are wanted', async (t) => {
  let said = ''
  let now = 0
  const streams = {
    out: () => {},
    err: (text: string) => {
      said += text
    },
    outIsTerminal: true,
    errIsTerminal: true,
    environment: {},
  }
  const { show } = progressLine(streams, () => now, true)
  show({ label: '2M: copied', obtained: 0n })
  now = 2000
  show({ label: '2M: copied', obtained: 1n })
  t.equal(said, '\r\u001b[K2M: copied: 1 page')
})
