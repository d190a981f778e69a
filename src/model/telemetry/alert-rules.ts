/** One rule of Prometheus: what makes it fire, after how long, and what it says then. */
export interface AlertRule {
  readonly name: string
  readonly query: string
  /** How long it has to hold, as Prometheus writes it; absent where once is enough. */
  readonly lasting?: string
  readonly summary: string
  readonly description: string
}

/**
 * A new mapping gets a page where one is available, and otherwise a surplus page as long as overcommit
 * leaves room for one (alloc_surplus_hugetlb_folio() in mm/hugetlb.c).
 */
const exhausted = [
  'hugepool_pool_available_pages == 0 and hugepool_pool_total_pages > 0',
  'unless hugepool_pool_overcommit_pages > hugepool_pool_surplus_pages',
].join(' ')

/**
 * The series of most cgroups begins with their first refusal, before which increase() has no sample. One
 * that was not there 15 minutes ago counts as a whole.
 */
const refusedPages = [
  'increase(hugepool_cgroup_failures_total[15m]) > 0',
  'or (hugepool_cgroup_failures_total > 0 unless hugepool_cgroup_failures_total offset 15m)',
].join(' ')

export const alertRules: readonly AlertRule[] = [
  {
    name: 'HugepoolDrift',
    query: 'hugepool_config_drift == 1',
    lasting: '5m',
    summary: '{{ $labels.instance }} differs from its configuration in {{ $labels.key }}',
    description:
      "'hugepool check' says how, and 'hugepool apply' makes the machine as it is configured.",
  },
  {
    name: 'HugepoolExhausted',
    query: exhausted,
    lasting: '10m',
    summary: '{{ $labels.instance }} has no {{ $labels.pagesize }} page for a new mapping',
    description: "'hugepool who' says who holds the pages, and 'hugepool resize' makes more.",
  },
  {
    name: 'HugepoolRefused',
    query: refusedPages,
    summary: 'A limit of a cgroup refused {{ $labels.pagesize }} pages on {{ $labels.instance }}',
    description:
      "The cgroup is {{ $labels.cgroup }}. Its limit or that of one above it is too small; 'hugepool doctor' names it.",
  },
]

/** A text of YAML between single quotes, in which nothing but these has a meaning. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

const ruleLines = ({
  name,
  query,
  lasting,
  summary,
  description,
}: AlertRule): readonly string[] => [
  `      - alert: ${name}`,
  `        expr: ${quoted(query)}`,
  ...(lasting === undefined ? [] : [`        for: ${lasting}`]),
  '        labels:',
  '          severity: warning',
  '        annotations:',
  `          summary: ${quoted(summary)}`,
  `          description: ${quoted(description)}`,
]

/** The file of rules that Prometheus reads. */
export const alertsText = (): string =>
  ['groups:', '  - name: hugepool', '    rules:', ...alertRules.flatMap(ruleLines), ''].join('\n')
