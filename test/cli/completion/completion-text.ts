import { fileURLToPath } from 'node:url'
import t from 'tap'
import { loadAllCommands, optionsOf } from '../../../src/cli/commands.ts'
import type { CompletionFacts } from '../../../src/cli/completion/candidates.ts'
import { candidatesFor, completionText } from '../../../src/cli/completion/completion-text.ts'
import { completeWord, completionScripts, shells } from '../../../src/cli/completion-scripts.ts'
import { overviewHelp } from '../../../src/cli/help.ts'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { main } from '../../../src/main.ts'
import { octets } from '../../../src/model/etc/octets.ts'
import { G, M } from '../../helpers/sizes.ts'

const machine = (
  sizes: readonly bigint[],
  nodes: readonly number[],
  usual?: bigint,
): CompletionFacts => ({
  sizes: () => sizes,
  defaultSize: () => usual,
  nodes: () => nodes,
  mounts: () => ['/dev/hugepages', '/mnt/huge'],
})

const twoNodes = machine([2n * M, G], [0, 1], 2n * M)
const oneNode = machine([2n * M, G], [0], 2n * M)
const gaps = machine([M / 16n, 2n * M, 32n * M, G], [0, 1, 2, 8, 9], 2n * M)
const nothing = machine([], [])

const unread = () => t.fail('nothing was to be read') as never
const unreadable: CompletionFacts = {
  sizes: unread,
  defaultSize: unread,
  nodes: unread,
  mounts: unread,
}

const commands = await loadAllCommands()
const names = commands.map(({ name }) => name)

/** The words are typed with blanks between them; a blank at the end begins an empty word. */
const texts = async (line: string, facts: CompletionFacts = twoNodes): Promise<readonly string[]> =>
  (await candidatesFor(line.split(' '), facts)).map(({ text }) => text)

const tree = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/trees/${name}`, import.meta.url))

t.test('the first word', async (t) => {
  t.strictSame(await candidatesFor(['li'], unreadable), [
    { text: 'list', help: 'show the pools of every page size' },
  ])
  t.strictSame(await texts('', unreadable), [...names, 'help'])
  t.strictSame(await candidatesFor([], unreadable), await candidatesFor([''], unreadable))
  t.strictSame(await candidatesFor(['set'], unreadable), [
    { text: 'set', help: 'resize: set the persistent pages of pools' },
  ])
  t.strictSame(await texts('re', unreadable), ['resize'])
  t.strictSame(await texts('help o', unreadable), ['overcommit'])
  t.strictSame(await texts('help list ', unreadable), [])
  t.strictSame(await texts('nonsense ', unreadable), [])
  t.strictSame(await texts('--per', unreadable), ['--per-node'], 'an option of list')
  t.strictSame(await texts('--per-node --js', unreadable), ['--json'])
  t.strictSame(
    await texts('--per-node 2', unreadable),
    [],
    'list has to be named before an operand',
  )
})

t.test('options before the command', async (t) => {
  t.strictSame(await texts('--json ', unreadable), names)
  t.strictSame(await texts('--sysroot=/x set', unreadable), ['set'])
  t.strictSame(await texts('-s /x re', unreadable), ['resize'])
  t.strictSame(await texts('-s list ', unreadable), names)
  t.strictSame(await texts('-o SIZE,NO', unreadable), ['SIZE,NODE'])
  t.strictSame(await texts('-s /x resize 1'), ['1G='])
  t.strictSame(await texts('--json resize --js', unreadable), [])
  t.strictSame(await texts('-- ', unreadable), [])
  t.strictSame(await texts('--json nonsense ', unreadable), [])
})

t.test('options', async (t) => {
  for (const command of commands)
    for (const word of [command.name, ...command.aliases])
      t.strictSame(
        await candidatesFor([word, '--'], unreadable),
        optionsOf(command).map(({ name, help }) => ({ text: `--${name}`, help })),
      )
  const letters = (await texts('list -', unreadable)).filter((text) => !text.startsWith('--'))
  t.strictSame(letters, ['-N', '-J', '-r', '-P', '-b', '-n', '-o', '-q', '-s', '-h'])
  const left = await texts('list -rn -oSIZE --sysroot=/x -', unreadable)
  for (const given of ['--raw', '-r', '-n', '--output', '-o', '--sysroot', '-s'])
    t.notOk(left.includes(given), given)
  t.ok(left.includes('--output-all'))
  t.strictSame(await texts('list -- --'), [], 'operands only')
  t.strictSame(await texts('list --color ', unreadable), ['auto', 'always', 'never'])
  t.strictSame(await texts('list --color=al', unreadable), ['--color=always'])
  t.strictSame(await texts('resize --leave ', unreadable), [])
  t.strictSame(await texts('list --sysroot ', unreadable), [], 'left to the shell')
})

t.test('columns', async (t) => {
  t.strictSame(await texts('list -o S', unreadable), ['SIZE', 'SURPLUS'])
  t.strictSame(await texts('list --output SIZE,NO', unreadable), ['SIZE,NODE'])
  t.strictSame(await texts('list -o SIZE,S', unreadable), ['SIZE,SURPLUS'])
  t.strictSame(await texts('list --output=size,s', unreadable), ['--output=size,surplus'])
  t.strictSame(await texts('list -rnoSIZE,NO', unreadable), ['-rnoSIZE,NODE'])
  const unusual = ['+PERSISTENT', '+OVERCOMMIT', '+DEMOTE-SIZE', '+DEFAULT', '+USE']
  t.strictSame(
    await texts('list -o +', unreadable),
    ['+NODE', ...unusual],
    'what is shown need not be added',
  )
  t.strictSame(await texts('list -N -o +', unreadable), unusual)
  t.strictSame(await texts('overcommit -o OUT', unreadable), ['OUTCOME'], "the command's own")
})

t.test('nodes', async (t) => {
  t.strictSame(await texts('resize --node '), ['0', '1', 'all'])
  t.strictSame(await texts('resize --node ', oneNode), ['0'])
  t.strictSame(await texts('resize --node=0,'), ['--node=0,1'])
  t.strictSame(await texts('resize --node 0,', gaps), ['0,1', '0,2', '0,8', '0,9', '0,1-2,8-9'])
  t.strictSame(await texts('resize --node 0-1,', gaps), ['0-1,2', '0-1,8', '0-1,9', '0-1,2,8-9'])
  t.strictSame(await texts('resize --node 0-', gaps), ['0-1', '0-2'], 'not over the gap')
  t.strictSame(await texts('resize --node 0,8-', gaps), ['0,8-9'])
  t.strictSame(await texts('resize --node 7-', gaps), [])
  t.strictSame(await texts('resize --node x,'), [])
  t.strictSame(await texts('resize --mempolicy ', unreadable), [
    'preferred:',
    'bind:',
    'interleave:',
  ])
  t.strictSame(await texts('resize --mempolicy bind:'), ['bind:0', 'bind:1', 'bind:0-1'])
  t.strictSame(await texts('resize --mempolicy=interleave:0,'), ['--mempolicy=interleave:0,1'])
  t.strictSame(await texts('resize --mempolicy preferred:'), ['preferred:0', 'preferred:1'])
})

t.test('page sizes', async (t) => {
  t.strictSame(await candidatesFor(['list', ''], twoNodes), [
    { text: '2M', help: 'pages of 2M' },
    { text: '1G', help: 'pages of 1G' },
    { text: 'default', help: 'the default size, 2M' },
  ])
  t.strictSame(await texts('list 2m'), ['2m'])
  t.strictSame(await texts('list 2048kB '), ['1G'], 'neither 2M again nor the default, which is 2M')
  t.strictSame(await texts('list default '), ['1G'])
  t.strictSame(await texts('list 1G -- '), ['2M', 'default'])
  t.strictSame(await texts('list ', nothing), [])
  t.strictSame(await texts('demote --to '), ['2M'])
  t.strictSame(await texts('demote --to ', gaps), ['64K', '2M', '32M'])
  t.strictSame(await texts('demote 32M=1 --to ', gaps), ['64K', '2M'])
  t.strictSame(await texts('demote default=1 --to=', gaps), ['--to=64K'])
})

t.test('mount points', async (t) => {
  t.strictSame(await texts('umount '), ['/dev/hugepages', '/mnt/huge'])
  t.strictSame(await texts('umount /m'), ['/mnt/huge'])
  t.strictSame(await texts('umount /M'), [], 'paths have a case')
  t.strictSame(await texts('umount /mnt/huge '), [], 'one is enough')
  const offered = await completionText(['umount', ''], {
    ...directoryTree('/'),
    read: () =>
      octets(
        [
          '1 0 0:1 / / rw - ext4 /dev/vda rw',
          '30 1 0:39 / /mnt/a\\040b rw - hugetlbfs none rw,pagesize=2M',
          '31 1 0:40 / /tmp rw - tmpfs none rw',
          '32 1 0:41 / /tmp/hidden rw - hugetlbfs none rw,pagesize=2M',
          '33 32 0:42 / /tmp/hidden rw - tmpfs none rw\n',
        ].join('\n'),
      ),
  })
  t.equal(offered, '/mnt/a b\n', 'those that can be reached')
})

t.test('names that a terminal would obey are not offered, and as help are escaped', async (t) => {
  const lines = (text: string) => text.split('\n').slice(0, -1)
  const answer = async (words: readonly string[], files: Readonly<Record<string, string>>) =>
    lines(
      await completionText(words, {
        ...directoryTree('/nonexistent'),
        list: () => ['7'],
        read: (path) => octets(files[path] ?? ''),
      }),
    )
  const mountinfo = [
    '/mnt/a\u001b[2J',
    '/mnt/b\\012--yes',
    '/mnt/\u202ec',
    '/mnt/\u200bd',
    '/mnt/e',
  ]
    .map((target, at) => `${30 + at} 1 0:39 / ${target} rw - hugetlbfs none rw,pagesize=2M\n`)
    .join('')
  t.strictSame(await answer(['umount', '/'], { '/proc/self/mountinfo': mountinfo }), ['/mnt/e'])
  const status = 'Name:\ta\\n--yes\u001b[2J\u202e\nHugetlbPages:\t2048 kB\n'
  t.strictSame(await answer(['who', '--pid', ''], { '/proc/7/status': status }), [
    '7\ta\\012--yes\\033[2J\\342\\200\\256',
  ])
})

t.test('what who and files take', async (t) => {
  const facts: CompletionFacts = {
    ...twoNodes,
    holders: () => [
      { pid: 71, command: 'qemu', bytes: 4n * M },
      { pid: 710, command: 'postgres', bytes: 2n * M },
    ],
  }
  t.strictSame(await candidatesFor(['who', '--pid', '7'], facts), [
    { text: '71', help: 'qemu' },
    { text: '710', help: 'postgres' },
  ])
  t.strictSame(await texts('who --pid=710', facts), ['--pid=710'])
  t.strictSame(await texts('who --pid 8', facts), [])
  t.strictSame(await texts('who --pid ', twoNodes), [], 'nobody')
  t.strictSame(await texts('who --mount /m', facts), ['/mnt/huge'])
  t.strictSame(await texts('who --mount=', facts), ['--mount=/dev/hugepages', '--mount=/mnt/huge'])
  t.strictSame(await texts('who --path /x', facts), [':file'])
  t.strictSame(await texts('who 2M ', facts), ['1G'])
  t.strictSame(await texts('who --by us', unreadable), ['user'])
  t.strictSame(await texts('files ', facts), ['/dev/hugepages', '/mnt/huge'])
  t.strictSame(await texts('files /mnt/huge /dev', facts), ['/dev/hugepages'], 'several')
  t.strictSame(await texts('files /mnt/huge/', facts), [':file'], 'what is on a mount')
  t.strictSame(await texts('files --segments ', unreadable), [])
  t.strictSame(await texts('cp ', unreadable), [':file'])
  t.strictSame(await texts('cp a ', unreadable), [':file'])
})

t.test('assignments', async (t) => {
  for (const command of ['resize', 'set', 'overcommit'])
    t.strictSame(await texts(`${command} `), ['2M=', '1G=', 'default='])
  t.strictSame(await texts('demote '), ['1G='], 'the smallest pages cannot be split')
  t.strictSame(await texts('resize 2M=1 '), ['1G='])
  t.strictSame(await texts('resize 2'), ['2M='])
  t.strictSame(await texts('resize 2M='), ['2M=0:', '2M=1:', '2M=max'])
  t.strictSame(await texts('resize 2M=', oneNode), ['2M=max'])
  t.strictSame(await texts('resize --node 0 2M='), ['2M=max'], 'nodes cannot be named twice')
  t.strictSame(await texts('resize --mempolicy bind:0 2M='), ['2M=max'])
  t.strictSame(await texts('overcommit 2M='), [], 'the kernel has no overcommit per node')
  t.strictSame(await texts('demote 1G='), ['1G=0:', '1G=1:', '1G=max'])
  t.strictSame(await texts('resize 2M=5'), [])
  t.strictSame(await texts('resize 2M=0:'), ['2M=0:max'])
  t.strictSame(await texts('resize 2M=0:1,'), ['2M=0:1,1:'])
  t.strictSame(await texts('resize 2M=0:1,8:max,', gaps), [
    ...[1, 2, 9].map((node) => `2M=0:1,8:max,${node}:`),
  ])
  t.strictSame(await texts('completion ', unreadable), [...shells])
  t.strictSame(await texts('completion zsh ', unreadable), [])
})

t.test('the text for the shells', async (t) => {
  const live = directoryTree(tree('no-hugetlb'))
  t.equal(await completionText(['list', '-s', tree('two-nodes'), '1'], live), '1G\tpages of 1G\n')
  t.equal(
    (await completionText([`-s${tree('two-nodes')}`, '--per'], live)).split('\t')[0],
    '--per-node',
  )
  t.equal(await completionText(['-s', tree('two-nodes'), 'list', '1'], live), '1G\tpages of 1G\n')
  t.equal(await completionText(['resize', '--mempolicy', 'b'], live), 'bind:\n')
  t.equal(await completionText(['resize', ''], live), '')
  t.equal(await completionText(['resize', '-s', '/nonexistent', ''], live), '')
  t.equal(
    await completionText(['resize', '-s', '\0', '2M='], live),
    '2M=max\tas many as possible\n',
  )
  t.equal(await completionText(['list', '-o', 'SIZE\n,'], live), '')
})

t.test('the hidden word never fails', async (t) => {
  const said: string[] = []
  const ask = async (words: readonly string[], out: (text: string) => void) =>
    main([completeWord, ...words], {
      streams: {
        out,
        err: (text) => said.push(text),
        outIsTerminal: false,
        errIsTerminal: false,
        environment: {},
      },
      loadNative: unread,
      tree: directoryTree(tree('two-nodes')),
    })
  const garbage = ['', '-', '--', '--=', '=', ':', ',', '-=', '--node=', '-o', '\0', '-\n', '🙂']
  for (const first of ['list', 'resize', 'x', '--', ...garbage])
    for (const second of garbage)
      for (const words of [[first], [first, second], [first, second, second]])
        t.equal(await ask(words, () => {}), 0, JSON.stringify(words))
  const full = () => {
    throw new Error('ENOSPC')
  }
  t.equal(await ask(['li'], full), 0)
  t.strictSame(said, [])
  t.notMatch(overviewHelp(), completeWord)
})

t.test('the scripts', async (t) => {
  for (const shell of shells) {
    const script = completionScripts[shell]
    t.match(script, `hugepool ${completeWord} `, shell)
    t.notMatch(script, /\\\$\{|undefined|\n$/, `${shell}: no slip of the template`)
  }
})
