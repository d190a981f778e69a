// Times `doctor` among 4,000 small and 1,000 ordinary processes, without and with 20 that hold a page of
// 2M, against a program of Node that reads status of every process and nothing else. Each run of the
// one is followed by one of the other and by one of bare node, and the median of the ratios counts. It
// needs root and 20 free pages: it takes them itself, and gives them back.
import { amongProcesses, median, program, row } from './among-processes.js'

const rounds = 15
const mostTimes = 2.2

const readStatus = `
const fs = require('node:fs')
let bytes = 0
for (const pid of fs.readdirSync('/proc')) {
  if (!/^[1-9]/.test(pid)) continue
  try {
    bytes += fs.readFileSync('/proc/' + pid + '/status', 'utf8').length
  } catch {}
}
console.log(bytes)
`

const ratios = (measured) => {
  const runs = []
  for (let round = -1; round < rounds; round += 1) {
    const doctor = measured([program, 'doctor', '-q'])
    const status = measured(['-e', readStatus])
    const bare = measured(['-e', '0'])
    if (round >= 0) runs.push({ doctor, status, bare })
  }
  const times = (key, other) => median(runs.map((run) => run.doctor[key] / run[other][key]))
  const seconds = (name) => (median(runs.map((run) => run[name].wall)) / 1e6).toFixed(2)
  const figures = ['doctor', 'status', 'bare'].map((name) => `${name} ${seconds(name)} s`)
  process.stderr.write(`${figures.join(', ')}\n`)
  return { wall: times('wall', 'status'), cpu: times('cpu', 'status') }
}

for (const holders of [0, 20])
  await amongProcesses({ small: 4000, ordinary: 1000, holders }, (measured) => {
    const { wall, cpu } = ratios(measured)
    const name = holders === 0 ? 'doctor, against status' : 'doctor, pages in use, against status'
    row(`${name} (wall)`, wall, `<= ${mostTimes}`, wall <= mostTimes)
    if (!row(`${name} (processor)`, cpu, `<= ${mostTimes}`, cpu <= mostTimes)) process.exitCode = 1
  })
