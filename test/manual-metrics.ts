import t from 'tap'
import { alertRules } from '../src/model/telemetry/alert-rules.ts'
import { panels } from '../src/model/telemetry/dashboard.ts'
import { heldKinds } from '../src/model/telemetry/holder-metrics.ts'
import { metricFamilies } from '../src/model/telemetry/metric-table.ts'
import { collectors } from '../src/model/telemetry/metrics-facts.ts'
import { pageText, sectionOf, subsectionOf } from './helpers/manual-pages.ts'

// Names, units and labels that the page calls stable are those that are printed, and its queries those of
// the alerts and the dashboard.

const page = pageText('hugepool-metrics.8')
const families = subsectionOf(page, 'Families')

const inOneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

/** The families of the page: a name, its labels, and what stands below. */
const documented = families
  .join('\n')
  .split('\n.It Li ')
  .slice(1)
  .map((item) => {
    const [, name = '', labels = '', text = ''] =
      /^(\w+)(?:\{(.*)\})?\n([\s\S]*?)(?:\n\.El|$)/.exec(item) ?? []
    return { name, labels, text: inOneLine(text) }
  })

t.test(
  'every family has its name and labels in the page, in bytes beside those in pages',
  async (t) => {
    const inBytes = documented.flatMap(({ name, labels }) =>
      name.endsWith('_pages') ? [{ name: name.replace(/_pages$/, '_bytes'), labels }] : [],
    )
    const shown = [...documented, ...inBytes].map(({ name, labels }) => `${name}{${labels}}`)
    const printed = metricFamilies.map(({ name, labels }) => `${name}{${labels.join()}}`)
    t.strictSame(shown.toSorted(), printed.toSorted())
  },
)

t.test('the help of every family stands below its name', async (t) => {
  for (const { name, text } of documented) {
    const help = metricFamilies.find((one) => one.name === name)?.help ?? name
    t.equal(text.slice(0, help.length), help)
  }
  for (const { name, help } of metricFamilies.filter((one) => one.unit === 'pages')) {
    const inBytes = metricFamilies.find((one) => one.name === name.replace(/_pages$/, '_bytes'))
    t.equal(inBytes?.help, help.replace(/^Pages/, 'Bytes of pages'), name)
  }
})

t.test('a name ends with its unit, and those that are no gauges are named', async (t) => {
  for (const { name, unit } of metricFamilies)
    t.equal(/_(pages|bytes|seconds)$/.exec(name)?.[1], unit, name)
  const [, counters = ''] = /All are gauges but\n\.Li ([^.]*) \.\n/.exec(page) ?? []
  t.strictSame(
    counters.split(/ ,\n\.Li /),
    metricFamilies.filter(({ type }) => type === 'counter').map(({ name }) => name),
  )
})

t.test('the values of the labels that are words of a list', async (t) => {
  const wordsOf = (name: string): readonly (string | undefined)[] => {
    const { text = '' } = documented.find((one) => one.name === name) ?? {}
    return [...text.matchAll(/\.Ql (\w+)/g)].map(([, word]) => word)
  }
  t.strictSame(wordsOf('hugepool_held_pages'), heldKinds)
  t.strictSame(wordsOf('hugepool_collector_success'), collectors)
})

/** The text of the display behind a line of the examples. */
const displayed = (start: string): string => {
  const examples = sectionOf(page, 'EXAMPLES').join('\n')
  const [, text = ''] =
    /^\.Bd [^\n]*\n([\s\S]*?)\n\.Ed$/m.exec(examples.split(start)[1] ?? '') ?? []
  return inOneLine(text)
}

t.test('the alert and the query of a panel that it shows', async (t) => {
  const alert = alertRules.find(({ name }) => name === 'HugepoolExhausted')
  t.equal(displayed('One of them tells '), alert?.query)
  const [panel] = panels
  t.equal(
    displayed('One of its panels shows '),
    panel?.queries[0]?.query.replaceAll('{instance=~"$instance"}', ''),
  )
})

t.test('what each alert means, and what a panel needs', async (t) => {
  const options = sectionOf(page, 'OPTIONS').join('\n')
  for (const { name } of alertRules) t.ok(options.includes(`.Li ${name} :\n`), name)
  const [, about = ''] = options.split('Print a dashboard that Grafana imports.\n')
  const named = [...about.matchAll(/^\.Dq (.*)$/gm)].map(([, title]) => title)
  const needy = panels.filter(({ needs }) => needs !== undefined)
  t.strictSame(named.toSorted(), needy.map(({ title }) => title).toSorted())
  t.equal(panels.length - needy.length, 3)
  t.match(about, /^Three of its panels, /)
})
