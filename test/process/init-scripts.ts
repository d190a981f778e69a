import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { ServiceKind } from '../../src/model/config/service/service-kind.ts'
import { serviceText } from '../../src/model/config/service/service-text.ts'
import { temporary } from '../helpers/run.ts'

const directory = temporary(t)
const at = (name: string) => join(directory, name)
const calls = at('calls')

mkdirSync(at("it's here"))
const hugepool = at("it's here/hugepool.js")
writeFileSync(hugepool, 'throw new Error("the stand-in reads no program")\n')
writeFileSync(
  at('node'),
  `#!/bin/sh
echo "$@" >> '${calls}'
exit "$(cat '${at('status')}')"
`,
)
chmodSync(at('node'), 0o755)

const kinds: readonly ServiceKind[] = ['openrc', 'sysvinit', 'runit']
for (const kind of kinds)
  writeFileSync(
    at(kind),
    serviceText(kind, { words: [at('node'), hugepool], form: 'later', late: [] }),
    { mode: 0o755 },
  )

/** Runs a program while hugepool would end with a status, and gives what came of it. */
const ends = (status: number, argv: readonly string[], environment = {}) => {
  writeFileSync(at('status'), `${status}\n`)
  rmSync(calls, { force: true })
  const [command = '', ...words] = argv
  const result = spawnSync(command, words, {
    encoding: 'utf8',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...environment },
  })
  const called = existsSync(calls) ? readFileSync(calls, 'utf8').trimEnd().split('\n') : []
  const { stdout, stderr } = result
  return { status: result.status, called, stdout, stderr }
}

const quiet = { stdout: '', stderr: '' }
const called = (words: string) => [`${hugepool} ${words}`]

t.test('shells understand the scripts', async (t) => {
  for (const shell of ['sh', 'bash'])
    for (const kind of kinds)
      t.strictSame(
        ends(0, [shell, '-n', at(kind)]),
        { ...quiet, status: 0, called: [] },
        `${shell}: ${kind}`,
      )
})

t.test('sysvinit', async (t) => {
  for (const status of [0, 1, 2, 64]) {
    const expected = { ...quiet, status }
    t.strictSame(ends(status, [at('sysvinit'), 'start']), {
      ...expected,
      called: called('apply --boot'),
    })
    for (const word of ['restart', 'reload', 'force-reload'])
      t.strictSame(ends(status, [at('sysvinit'), word]), { ...expected, called: called('apply') })
    t.strictSame(
      ends(status, [at('sysvinit'), 'stop']),
      { ...quiet, status: 0, called: [] },
      'nothing is taken away',
    )
  }
  for (const [status, shown] of [
    [0, 0],
    [5, 3],
    [2, 4],
    [64, 4],
  ] as const)
    t.strictSame(ends(status, [at('sysvinit'), 'status']), {
      ...quiet,
      status: shown,
      called: called('check'),
    })
  for (const words of [[], ['x']])
    t.strictSame(ends(0, [at('sysvinit'), ...words]), {
      status: 3,
      called: [],
      stdout: '',
      stderr: `Usage: ${at('sysvinit')} {start|stop|reload|restart|force-reload|status}\n`,
    })
})

/** What openrc-run has for a script, which tells what it is called with. */
const ofOpenrc = `
for word in need after before keyword ebegin; do
  eval "$word() { echo $word \\"\\$@\\"; }"
done
eend() { echo eend "$1"; return "$1"; }
. "$1"
"$2"
`

t.test('OpenRC', async (t) => {
  const script = (words: string, status: number) =>
    ends(status, ['sh', '-c', ofOpenrc, 'openrc-run', at('openrc'), words])
  t.strictSame(script('depend', 0), {
    status: 0,
    called: [],
    stdout: `need sysfs
after sysctl modules localmount
keyword -docker -lxc -prefix -systemd-nspawn
`,
    stderr: '',
  })
  for (const status of [0, 64])
    t.strictSame(script('start', status), {
      status,
      called: called('apply --boot'),
      stdout: `ebegin Apply the hugepage configuration\neend ${status}\n`,
      stderr: '',
    })
  const stop = script('stop', 0)
  t.strictSame([stop.status, stop.called], [127, []], 'it has no function that takes pages away')
})

t.test('runit', async (t) => {
  const start = (status: number, environment = {}) => {
    // A script that is sourced ends its shell where it fails under -e, or names what is not set under -u.
    const line = 'set -eu; node=mine; . "$1"; set +u; echo "$node, $hugepool."'
    return ends(status, ['sh', '-c', line, 'sh', at('runit')], environment)
  }
  const after = 'mine, .\n'
  const applied = { status: 0, called: called('apply --boot'), stderr: '' }
  const fallsShort = 'hugepool: the hugepage configuration is not applied in full\n'
  t.strictSame(start(0), { ...applied, stdout: after })
  for (const status of [1, 64])
    t.strictSame(start(status), { ...applied, stdout: `${fallsShort}${after}` }, 'and it goes on')
  for (const name of ['VIRTUALIZATION', 'IS_CONTAINER'])
    t.strictSame(start(0, { [name]: '1' }), { ...quiet, status: 0, called: [], stdout: after })
})
