import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { everywhere, once, type Typed } from '../helpers/completed-lines.ts'
import { node, withoutLoader } from '../helpers/run.ts'
import { needs, openTerminal, startUp, type Terminal } from '../helpers/terminal.ts'

const checkout = fileURLToPath(new URL('../..', import.meta.url))

/** A directory with `hugepool` to be found on PATH, a machine of two nodes, and names beside it. */
const directory = mkdtempSync(join(tmpdir(), 'hugepool-shells-'))
t.teardown(() => rmSync(directory, { recursive: true, maxRetries: 5 }))
mkdirSync(join(directory, 'bin'))
mkdirSync(join(directory, '.told'))
// What it told once it tells again: every shell asks it for the same words, and it changes nothing here.
writeFileSync(
  join(directory, 'bin/hugepool'),
  `#!/bin/bash
printf -v name '%q ' "$PWD" "$@"
told='${directory}/.told/'\${name//\\//|}
[ -e "$told" ] && exec cat "$told"
'${node}' '${checkout}/bin/hugepool.js' "$@" >"$told.$$" || exit
cat "$told.$$"
mv "$told.$$" "$told"
`,
  { mode: 0o755 },
)
// fish completes only commands that it finds.
symlinkSync('/bin/false', join(directory, 'bin/sudo'))
cpSync(join(checkout, 'test/fixtures/trees/two-nodes'), join(directory, 'tree'), {
  recursive: true,
})
mkdirSync(join(directory, 'tree/proc/4711'))
writeFileSync(
  join(directory, 'tree/proc/4711/status'),
  'Name:\tqemu\nPid:\t4711\nHugetlbPages:\t    4096 kB\n',
)
mkdirSync(join(directory, 'two words'))
writeFileSync(join(directory, 'triangle'), '')

const environment = {
  HOME: directory,
  ZDOTDIR: directory,
  PATH: `${directory}/bin:${dirname(node)}:${process.env.PATH}`,
  TERM: 'xterm',
  LC_ALL: 'C.UTF-8',
  PS1: 'ready> ',
}

const shellOptions = { cwd: directory, env: environment }

const outputOf = (command: string, args: readonly string[]): string => {
  const { stdout, stderr, status, error } = spawnSync('env', [...withoutLoader, command, ...args], {
    ...shellOptions,
    encoding: 'utf8',
  })
  if (error) throw error
  if (status !== 0 || stderr !== '') throw new Error(`${command} ended with ${status}: ${stderr}`)
  return stdout
}

const hugepool = join(directory, 'bin/hugepool')

const check = async (t: Tap, terminal: Terminal, lines: Typed): Promise<void> => {
  for (const [keys, line] of lines) t.equal(await terminal.type(keys), line, JSON.stringify(keys))
}

type Tap = Pick<typeof t, 'equal'>

t.test('bash calls the function', async (t) => {
  needs('bash', 'bash')
  const reply = (words: readonly string[], line: string) =>
    outputOf('bash', [
      '-c',
      `source <(hugepool completion bash)
      COMP_LINE=$1 COMP_POINT=\${#1} COMP_CWORD=$(($# - 2)) COMP_WORDS=("\${@:2}")
      _hugepool hugepool "" ""
      printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      line,
      ...words,
    ]).split('\n')
  t.strictSame(
    reply(
      ['hugepool', 'set', '-s', 'tree', '2M', '=', '0', ':', '1,'],
      'hugepool set -s tree 2M=0:1,',
    ),
    ['1,1:', ''],
  )
  t.strictSame(reply(['hugepool', 'set', '-s', 'tree', ''], 'hugepool  set -s  tree '), [
    '2M=',
    '1G=',
    'default=',
    '',
  ])
  t.strictSame(
    reply(['hugepool', 'set', '-s', 'tree', '--node', '='], 'hugepool set -s tree --node='),
    ['0', '1', 'all', ''],
  )
})

t.test('rows of pairs are evaluated by every shell, the owner of a mount too', async (t) => {
  // zsh runs the end of a pipe itself, so that values of an earlier table would stay.
  const forget = 'SIZE= COLUMN_UID= MODE= OUTCOME='
  const shown = 'echo "$SIZE:$COLUMN_UID:$MODE:$OUTCOME"'
  const script = ['list 1G -N', 'mounts -o +UID,MODE', 'resize 1G=1']
    .map(
      (words) =>
        `hugepool ${words} -P -q -s tree | while read -r row; do ${forget}; eval "$row"; ${shown}; done`,
    )
    .join('\n')
  const seen = outputOf('bash', ['-c', `${script}; id -u`])
  t.match(seen, /^(1G:::\n)+/)
  t.match(seen, /:64055:0770:\n/)
  t.match(seen, /:::unchanged\n/)
  for (const shell of ['zsh', 'sh'])
    t.equal(outputOf(shell, ['-c', `${script}; id -u`]), seen, shell)
})

t.test('a shell reads pairs as variables, and fields as words', async (t) => {
  const list = 'hugepool list 2M -s tree -o'
  const script = `eval "$(${list} SIZE,IN-USE,DEMOTE-SIZE -P)"; echo "$SIZE:$IN_USE:$DEMOTE_SIZE."`
  const inUse = outputOf('sh', ['-c', `${list} IN-USE -rn`]).trim()
  t.equal(outputOf('sh', ['-c', script]), `2M:${inUse}:.\n`)
  mkdirSync(join(directory, 'mounted/proc/self'), { recursive: true })
  const place = '/$(id)\\040\\134`id`"'
  writeFileSync(
    join(directory, 'mounted/proc/self/mountinfo'),
    `9 1 0:9 / ${place} rw - hugetlbfs none rw,pagesize=2M\n`,
  )
  const mounts = 'hugepool mounts -s mounted -no TARGET'
  const wanted = '/$(id) \\`id`"\n'
  const pairs = `eval "$(${mounts} -P)"; printf '%b\\n' "$TARGET"`
  t.equal(outputOf('bash', ['-c', pairs]), wanted)
  t.equal(
    outputOf('bash', ['-c', `read -r field rest < <(${mounts} -r); printf '%b\\n' "$field"`]),
    wanted,
  )
})

t.test('bash at a terminal', async (t) => {
  needs('bash', 'bash')
  writeFileSync(join(directory, 'rc'), `${startUp.bash}source <(hugepool completion bash)\n`)
  const bash = await openTerminal('bash --noprofile --rcfile rc -i', shellOptions)
  t.teardown(bash.close)
  await check(t, bash, [...everywhere, ...once])
  await check(t, bash, [
    // readline itself closes the quotes.
    ['hugepool resize -s tree "2M=0:1,\t', 'hugepool resize -s tree "2M=0:1,1:"'],
    // Meta-* inserts all candidates.
    ['hugepool resize -s tree 2M=\x1b*', 'hugepool resize -s tree 2M=0: 1: max '],
    ['hugepool list -s tree \x1b*', 'hugepool list -s tree 2M 1G default '],
    ['hugepool list -s tree 2M \t', 'hugepool list -s tree 2M 1G '],
    // In the middle of a line.
    ['hugepool resi 2M=\x1b[D\x1b[D\x1b[D\x1b[D\t', 'hugepool resize 2M='],
    ['hugepool list >tria\t', 'hugepool list >triangle '],
  ])
})

t.test('bash with the package bash-completion', async (t) => {
  needs('bash', 'bash')
  const library = '/usr/share/bash-completion/bash_completion'
  needs(library, 'bash-completion')
  const script = 'source <(hugepool completion bash)\n'
  writeFileSync(join(directory, 'rc'), `${startUp.bash}source ${library}\n${script}`)
  const bash = await openTerminal('bash --noprofile --rcfile rc -i', shellOptions)
  t.teardown(bash.close)
  await check(t, bash, [
    ['hugepool resize -s tree 2M=0:1,\t', 'hugepool resize -s tree 2M=0:1,1:'],
    ['sudo hugepool resi\t', 'sudo hugepool resize '],
    ['sudo hugepool resize -s tree 2M=0:1,\t', 'sudo hugepool resize -s tree 2M=0:1,1:'],
    ['sudo hugepool resize -s tree --node=a\t', 'sudo hugepool resize -s tree --node=all '],
  ])
})

const zshOnly: Typed = [
  ['hugepool resize -s tree "2M=0:1,\t', 'hugepool resize -s tree "2M=0:1,1:'],
  ['hugepool list -s tree \x18\x01', 'hugepool list -s tree 2M 1G default '],
  ['sudo hugepool resize -s tree 2M=0:1,\t', 'sudo hugepool resize -s tree 2M=0:1,1:'],
]

t.test('zsh, sourced', async (t) => {
  needs('zsh', 'zsh')
  writeFileSync(join(directory, '.zshrc'), `${startUp.zsh}source <(hugepool completion zsh)\n`)
  const zsh = await openTerminal('zsh -d -i', shellOptions)
  t.teardown(zsh.close)
  await check(t, zsh, [...everywhere, ...zshOnly])
})

t.test('zsh, from fpath', async (t) => {
  needs('zsh', 'zsh')
  mkdirSync(join(directory, 'site-functions'))
  writeFileSync(
    join(directory, 'site-functions/_hugepool'),
    outputOf(hugepool, ['completion', 'zsh']),
  )
  writeFileSync(join(directory, '.zshrc'), `fpath=(~/site-functions $fpath)\n${startUp.zsh}`)
  const zsh = await openTerminal('zsh -d -i', shellOptions)
  t.teardown(zsh.close)
  await check(t, zsh, [
    // The first time loads the function, the second calls it.
    ['hugepool resi\t', 'hugepool resize '],
    ['hugepool resize -s tree 2M=0:1,\t', 'hugepool resize -s tree 2M=0:1,1:'],
  ])
})

t.test('fish tells its candidates', async (t) => {
  needs('fish', 'fish')
  const lines = [
    'hugepool resi',
    'hugepool resize -s tree 2M=',
    'hugepool resize -s tree --node=',
    'hugepool list --sysroot=t',
    'hugepool mount t',
    'hugepool list -s tree "2',
    'hugepool who -s tree --pid 4',
    'hugepool files -s tree /mnt/hu',
    'hugepool list --no',
    'FOO=1 hugepool list --no',
    'sudo hugepool resi',
    'sudo hugepool resize --mem',
  ]
  const told = outputOf('fish', [
    '-c',
    `hugepool completion fish | source
    for line in $argv
      complete -C$line
      echo .
    end`,
    ...lines,
  ])
  t.strictSame(told.split('.\n'), [
    'resize\tset the persistent pages of pools\n',
    '2M=0:\tpages on node 0\n2M=1:\tpages on node 1\n2M=max\tas many as possible\n',
    '--node=0\tnode 0\n--node=1\tnode 1\n--node=all\tall nodes with memory\n',
    '--sysroot=tree/\tDirectory\n--sysroot=two words/\tDirectory\n',
    'tree/\tDirectory\ntwo words/\tDirectory\n',
    '2M\tpages of 2M\n',
    '4711\tqemu\n',
    '/mnt/huge1g\n',
    '--noheadings\tprint no headings\n',
    '--noheadings\tprint no headings\n',
    'resize\tset the persistent pages of pools\n',
    '--mempolicy\tgrow and shrink under bind:NODES, interleave:NODES or preferred:NODE\n',
    '',
  ])
})

t.test('fish at a terminal', async (t) => {
  needs('fish', 'fish')
  writeFileSync(join(directory, 'rc'), startUp.fish)
  const fish = await openTerminal("fish --no-config -i -C 'source rc'", shellOptions)
  t.teardown(fish.close)
  await check(t, fish, everywhere)
})
