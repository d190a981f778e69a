// Times `who` among 4,000 small and 1,000 ordinary processes, of which 20 hold a page of 2M, against a
// program of Node that reads smaps of every process. Each run of the one is followed by one of the
// other, and the median of their ratios counts. It needs root and 20 free pages: it takes them itself,
// and gives them back.
import { amongProcesses, median, program, row } from './among-processes.js'

const pairs = 5
const leastTimesFaster = 10
const mostMemory = 1.6

const readSmaps = `
const fs = require('node:fs')
let pages = 0
for (const pid of fs.readdirSync('/proc')) {
  if (!/^[1-9]/.test(pid)) continue
  try {
    const text = fs.readFileSync('/proc/' + pid + '/smaps', 'utf8')
    for (const [, kilobytes] of text.matchAll(/^(?:Private|Shared)_Hugetlb: +(\\d+) kB$/gm))
      pages += Number(kilobytes) / 2048
  } catch {}
}
console.log(pages)
`

await amongProcesses({ small: 4000, ordinary: 1000, holders: 20 }, (measured) => {
  const runs = []
  for (let round = -1; round < pairs; round += 1) {
    const who = measured([program, 'who', '-q'])
    const smaps = measured(['-e', readSmaps])
    const bare = measured(['-e', '0'])
    if (round >= 0) runs.push({ who, smaps, bare })
  }
  const started = (key) =>
    median(
      runs.map(
        ({ who, smaps, bare }) => (smaps[key] - bare[key]) / Math.max(1, who[key] - bare[key]),
      ),
    )
  const wall = started('wall')
  const cpu = started('cpu')
  const memory = median(runs.map(({ who, bare }) => who.memory / bare.memory))
  const least = `>= ${leastTimesFaster}`
  row('who, times faster than smaps (wall)', wall, least, wall >= leastTimesFaster)
  const isFast = row(
    'who, times faster than smaps (processor)',
    cpu,
    least,
    cpu >= leastTimesFaster,
  )
  const isSmall = row(
    'who, memory against bare node',
    memory,
    `<= ${mostMemory}`,
    memory <= mostMemory,
  )
  process.exitCode = isFast && isSmall ? 0 : 1
})
