import t from 'tap'
import { progressLine } from '../../src/output/progress.ts'

const growth = { label: '2M', obtained: 5n, requested: 10n }

const watched = (terminal: boolean) => {
  let said = ''
  let now = 0
  const err = (text: string) => {
    said += text
  }
  const streams = { out: err, err, outIsTerminal: true, errIsTerminal: terminal, environment: {} }
  const line = progressLine(streams, () => now)
  const at = (milliseconds: number) => {
    now = milliseconds
    line.show(growth)
  }
  return { at, clear: line.clear, said: () => said }
}

t.test('what takes less than a second needs no progress', async (t) => {
  const { at, clear, said } = watched(true)
  at(0)
  at(999)
  clear()
  t.equal(said(), '')
})

t.test('after a second a line that is overwritten, and cleared at the end', async (t) => {
  const { at, clear, said } = watched(true)
  at(0)
  at(1000)
  at(1200)
  t.equal(said(), '\r\u001b[K2M: 5 of 10 pages\r\u001b[K2M: 5 of 10 pages')
  clear()
  clear()
  t.equal(said().slice(-4), '\r\u001b[K')
  t.equal(said().split('\u001b[K').length, 4)
})

t.test('without a terminal nothing is printed', async (t) => {
  const { at, clear, said } = watched(false)
  at(0)
  at(5000)
  clear()
  t.equal(said(), '')
})
