import { chmodSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { changeSchema, dryRunSchema } from '../../../src/output/schemas/pools-schema.ts'
import { answering } from '../../helpers/failing-files.ts'
import { parseExact } from '../../helpers/json.ts'
import { dropIn, dropInHead, lastingStage } from '../../helpers/lasting-stage.ts'
import { global2M, lines, onFake, signalDuringWrite, writesOf } from '../../helpers/on-fake.ts'
import { scratch } from '../../helpers/persist.ts'
import { M } from '../../helpers/sizes.ts'

const unit = '/etc/systemd/system/hugepool.service'
const absent = `hugepool: note: nothing applies it at a start: ${unit}: it is absent\n`
const install = "hint: 'hugepool service install' has it applied at every start\n"
const heading = 'SIZE  NODE  BEFORE  REQUESTED  AFTER  SHORT  OUTCOME'
const has = (text: string) => `hugepool: note: ${dropIn}: has ${text}\n`

t.test('a change is kept as it was asked for', async (t) => {
  const { hugepool, text, root } = lastingStage(t)
  t.strictSame(await hugepool('resize 2M=0:10 --persist'), {
    status: 0,
    stdout: lines(heading, '2M       0       3         10     10      0  done'),
    stderr: has('pools.2M.pages = 0:10,1:5') + absent + install,
  })
  t.equal(text(), `${dropInHead}\n[pools.2M]\npages = "0:10,1:5"\n`)
  t.equal(statSync(join(root, dropIn)).mode & 0o7777, 0o644)
  t.strictSame(await hugepool('resize 2M=0:10 --persist'), {
    status: 0,
    stdout: lines(heading, '2M       0      10         10     10      0  unchanged'),
    stderr: has('already pools.2M.pages = 0:10,1:5') + absent + install,
  })
  chmodSync(join(root, dropIn), 0o600)
  t.hasStrict(await hugepool('overcommit 2M=7 --persist'), {
    status: 0,
    stderr: has('pools.2M.overcommit = 7') + absent + install,
  })
  t.equal(text(), `${dropInHead}\n[pools.2M]\npages = "0:10,1:5"\novercommit = 7\n`)
  t.equal(statSync(join(root, dropIn)).mode & 0o7777, 0o600, 'the mode is kept')
})

t.test('relative counts are written as what came of them', async (t) => {
  const { hugepool, text } = lastingStage(t)
  const pages = async (line: string) => {
    t.hasStrict(await hugepool(line), { status: 0 }, line)
    return /^pages = (.*)$/m.exec(text() ?? '')?.[1]
  }
  t.equal(await pages('resize --persist 2M=+4'), '12')
  t.equal(await pages('resize 2M=+4 --persist'), '16')
  t.equal(await pages('resize 2M=1:-2 --persist'), '"0:7,1:7"')
  t.equal(await pages('resize 2M=1% --persist'), '40')
  t.equal(await pages('resize 2M=1G --persist'), '512')
  const most = await pages('resize 2M=max --leave 2G --persist')
  t.match(most, /^\d{4}$/)
  t.equal(await pages('resize default=3 --persist'), '3')
  t.equal(await pages('resize 2M=4 --node all --persist'), '"0:4,1:4"')
})

t.test('the option takes no word behind it', async (t) => {
  const { hugepool, kernel, text } = lastingStage(t)
  t.hasStrict(await hugepool('--persist resize 2M=9'), { status: 0 })
  t.hasStrict(await hugepool('resize --persist 2M=10'), { status: 0 })
  t.hasStrict(await hugepool('resize --persist=now 2M=11'), { status: 0 })
  t.strictSame(
    writesOf(kernel),
    [9, 10, 11].map((each) => `2048kB nr_hugepages=${each}`),
  )
  t.equal(text(), `${dropInHead}\n[pools.2M]\npages = 11\n`)
  for (const [line, said] of [
    ['resize 2M=9 --persist=never', "--persist is one of now, only, not 'never'"],
    ['resize 2M=9 --persist=', '--persist needs a value: WHEN'],
    ['resize 2M=9 --persist only', "'only' is not an assignment"],
    ['resize 2M=9 --persist --persist', '--persist is given twice'],
    ['resize 2M=9 --persist --mempolicy bind:0', '--persist cannot keep a memory policy'],
  ] as const) {
    const { status, stdout, stderr } = await hugepool(line)
    t.strictSame([status, stdout], [2, ''], line)
    t.ok(stderr.startsWith(`hugepool: ${said}`), stderr)
  }
})

t.test('only the file', async (t) => {
  const { hugepool, kernel, text } = lastingStage(t)
  t.strictSame(await hugepool('resize 2M=+2 --persist=only'), {
    status: 0,
    stdout: '',
    stderr: has('pools.2M.pages = 10') + absent + install,
  })
  t.equal(text(), `${dropInHead}\n[pools.2M]\npages = 10\n`)
  const { stdout } = await hugepool('overcommit 2M=7 --persist=only --json')
  const { outcome, changes, persisted } = changeSchema.parse(parseExact(stdout))
  t.strictSame(
    { outcome, changes, persisted },
    {
      outcome: 'done',
      changes: [],
      persisted: {
        path: dropIn,
        outcome: 'done',
        keys: [{ key: 'pools.2M.overcommit', value: '7' }],
        service: 'absent',
      },
    },
  )
  t.hasStrict(await hugepool('resize 1G=100 --persist=only'), { status: 0 }, 'memory is for later')
  t.hasStrict(await hugepool('resize 64K=1 --persist=only'), { status: 4 })
  t.hasStrict(await hugepool('resize 2M=9:1 --persist=only'), { status: 4 })
  t.strictSame(kernel.writes, [])
})

t.test('a dry run shows both', async (t) => {
  const { hugepool, kernel, text } = lastingStage(t)
  const file = `mkdir -p /etc/hugepool.d
cat > ${dropIn} <<'END'
${dropInHead}
[pools.2M]
pages = 20
END
`
  t.strictSame(await hugepool('resize 2M=20 --persist --dry-run'), {
    status: 0,
    stdout: `echo 20 > ${global2M}/nr_hugepages\n${file}`,
    stderr: has('pools.2M.pages = 20') + absent + install,
  })
  t.strictSame(await hugepool('resize 2M=20 --persist=only --dry-run'), {
    status: 0,
    stdout: file,
    stderr: has('pools.2M.pages = 20') + absent + install,
  })
  const { stdout } = await hugepool('resize 2M=20 --persist --dry-run --json')
  const { writes, persisted } = dryRunSchema.parse(parseExact(stdout))
  t.strictSame([writes.length, persisted?.outcome], [1, 'done'])
  t.strictSame([kernel.writes.length, text()], [0, undefined])
  await hugepool('resize 2M=20 --persist')
  t.strictSame(await hugepool('resize 2M=20 --persist --dry-run'), {
    status: 0,
    stdout: '',
    stderr: `${has('already pools.2M.pages = 20')}${absent}hugepool: note: nothing to do\n${install}`,
  })
})

t.test('a shortage is written as it was asked for', async (t) => {
  const { hugepool, kernel, text } = lastingStage(t)
  kernel.limitGrowth(2n * M, 0n)
  const { status, stderr } = await hugepool('resize 2M=20 --persist')
  t.equal(status, 64)
  t.match(stderr, `hugepool: note: ${dropIn}: has what was asked for, not what came of it\n`)
  t.match(stderr, 'hugepool: 2M: asked for 20, got 8: 12 short\n')
  t.equal(text(), `${dropInHead}\n[pools.2M]\npages = 20\n`)
})

t.test('what was put back, stopped or refused is not kept', async (t) => {
  const { hugepool, kernel, text } = lastingStage(t)
  kernel.limitGrowth(2n * M, 0n)
  const { status, stderr } = await hugepool('resize 2M=20 --all-or-nothing --persist')
  t.equal(status, 1)
  t.notMatch(stderr, dropIn)
  const stopped = lastingStage(t)
  const signal = signalDuringWrite(stopped.kernel, 1)
  t.hasStrict(await onFake(stopped.kernel, 'resize 2M=20 1G=1 --persist', signal), {
    status: 'SIGINT',
  })
  t.hasStrict(await stopped.hugepool('resize 2M=99999 --persist'), { status: 1, stdout: '' })
  t.strictSame([text(), stopped.text()], [undefined, undefined])
})

t.test('a call that keeps going keeps what it was asked for', async (t) => {
  const { hugepool, text } = lastingStage(t)
  t.hasStrict(await hugepool('resize 64K=1 2M=9 --keep-going --persist'), { status: 64 })
  t.equal(text(), `${dropInHead}\n[pools.2M]\npages = 9\n`)
  const nothing = lastingStage(t)
  t.hasStrict(await nothing.hugepool('resize 64K=1 --keep-going --persist'), { status: 4 })
  t.equal(nothing.text(), undefined)
})

t.test(
  'what overrides it is said, and what the rest of the configuration names stays',
  async (t) => {
    const { hugepool, text } = lastingStage(t, {
      '/etc/hugepool.toml': '[pools.2M]\npages = "1:100"\novercommit = 3\n',
      '/usr/lib/hugepool.d/90-db.toml': '\n[pools.2048kB]\novercommit = 5\n',
    })
    t.hasStrict(await hugepool('resize 2M=0:10 --persist'), {
      status: 0,
      stderr: has('pools.2M.pages = 0:10,1:100') + absent + install,
    })
    t.hasStrict(await hugepool('overcommit 2M=7 --persist'), {
      status: 0,
      stderr: `${has('pools.2M.overcommit = 7')}hugepool: note: /usr/lib/hugepool.d/90-db.toml:3:1: pools.2048kB.overcommit: overrides it\n${absent}${install}`,
    })
    t.equal(text(), `${dropInHead}\n[pools.2M]\npages = "0:10,1:100"\novercommit = 7\n`)
    const { stdout } = await hugepool('overcommit 2M=8 --persist --json')
    t.strictSame(changeSchema.parse(parseExact(stdout)).persisted?.overriddenBy, [
      { file: '/usr/lib/hugepool.d/90-db.toml', line: 3, key: 'pools.2048kB.overcommit' },
    ])
  },
)

t.test('what sets the same later is said', async (t) => {
  const pool = `${global2M}/nr_hugepages`
  const { hugepool } = lastingStage(t, {
    '/etc/tmpfiles.d/a.conf': `w ${pool} - - - - 7\n`,
    '/etc/sysctl.d/a.conf': 'vm.nr_hugepages = 3\n',
  })
  const wins =
    'hugepool: note: /etc/tmpfiles.d/a.conf:1: systemd-tmpfiles sets 2M to 7, after hugepool, and wins\n'
  const remove = 'hint: remove the line from /etc/tmpfiles.d/a.conf, or have it say the same\n'
  t.hasStrict(await hugepool('resize 2M=9 --persist'), {
    status: 0,
    stderr: has('pools.2M.pages = 9') + wins + absent + remove + install,
  })
  t.hasStrict(await hugepool('resize 2M=7 --persist'), {
    status: 0,
    stderr: has('pools.2M.pages = 7') + absent + install,
  })
  const { stdout } = await hugepool('resize 2M=9 --persist=only --json')
  t.strictSame(changeSchema.parse(parseExact(stdout)).persisted?.writers, [
    {
      source: 'tmpfiles',
      attribute: 'persistent',
      pageSize: 2n * M,
      value: '7',
      file: '/etc/tmpfiles.d/a.conf',
      line: 1,
      when: 'after',
      wins: true,
      agrees: false,
    },
  ])
})

const refusedWith = async (
  t: Parameters<typeof lastingStage>[0],
  files: Readonly<Record<string, string>>,
) => {
  const { hugepool, kernel, text } = lastingStage(t, files)
  const before = text()
  const { status, stdout, stderr } = await hugepool('resize 2M=9 --persist')
  t.strictSame([kernel.writes.length, stdout, text()], [0, '', before], 'nothing is touched')
  return { status, stderr: stderr.replace(/hint:.*\n/g, '') }
}

t.test('nothing is done where nothing can be kept', async (t) => {
  t.strictSame(await refusedWith(t, { '/etc/hugepool.toml': '[pools.2M]\npagse = 3\n' }), {
    status: 2,
    stderr:
      'hugepool: /etc/hugepool.toml:2:1: pools.2M.pagse: there is no such key: did you mean pages?\n',
  })
  t.strictSame(await refusedWith(t, { [dropIn]: '# mine\n[pools.2M]\npages = 3\n' }), {
    status: 1,
    stderr: `hugepool: ${dropIn} was not written by hugepool\n`,
  })
  const linked = lastingStage(t)
  mkdirSync(join(linked.root, '/etc/hugepool.d'))
  symlinkSync('/dev/null', join(linked.root, dropIn))
  t.strictSame(await linked.hugepool('resize 2M=9 --persist'), {
    status: 1,
    stdout: '',
    stderr: `hugepool: ${dropIn} is a link to /dev/null, which switches it off\nhint: remove it: rm ${dropIn}\n`,
  })
  const closed = lastingStage(t)
  answering(t, `${closed.root}/etc`, 'EROFS', ['accessSync'])
  t.hasStrict(await closed.hugepool('resize 2M=9 --persist'), { status: 3, stdout: '' })
  t.match(await closed.hugepool('resize 2M=9 --persist --dry-run'), {
    status: 0,
    stderr: /the real run would be refused: \/etc\/hugepool.d\/50-hugepool.toml: read-only file/,
  })
  t.strictSame([...linked.kernel.writes, ...closed.kernel.writes], [])
})

t.test('a file that cannot be written after all is told with what was done', async (t) => {
  const { hugepool, kernel, text, root } = lastingStage(t)
  const { write } = kernel
  kernel.write = (path, value) => {
    write(path, value)
    scratch(root, { '/etc/hugepool.d/x': '' })
    scratch(root, { [dropIn]: 'somebody else' })
  }
  const { status, stderr } = await hugepool('resize 2M=9 --persist')
  t.equal(status, 64)
  t.match(stderr, `hugepool: the pools are changed, and ${dropIn} is as it was\n`)
  t.match(stderr, / was changed by somebody else meanwhile\n/)
  t.equal(text(), 'somebody else')
  rmSync(join(root, dropIn))
})

t.test('a file that cannot be written where the pools were so already', async (t) => {
  const { hugepool, root, kernel, text } = lastingStage(t)
  t.equal((await hugepool('resize 2M=9')).status, 0)
  const before = text()
  answering(t, `${root}/etc/hugepool.d`, 'EROFS', ['openSync'])
  const { status, stderr } = await hugepool('resize 2M=9 --persist')
  t.match(stderr, `hugepool: nothing is changed: the pools were so, and ${dropIn} is as it was\n`)
  t.equal(status, 3)
  const { stdout } = await hugepool('resize 2M=9 --persist --json')
  const { outcome, error } = changeSchema.parse(parseExact(stdout))
  t.strictSame([outcome, error?.code], ['unchanged', 'E_PERMISSION'])
  t.equal(text(), before)
  t.equal(kernel.writes.length, 1)
})

t.test('a drop-in that does not count here says so', async (t) => {
  const own = `${dropInHead}\n[when]\nhost = "nobody"\n`
  const { hugepool, kernel } = lastingStage(t, { [dropIn]: own })
  kernel.extra.set('/proc/sys/kernel/hostname', 'me\n')
  const { status, stderr } = await hugepool('resize 2M=9 --persist')
  t.equal(status, 0)
  t.match(stderr, /50-hugepool\.toml: does not count here: when\.host in line 7/)
})
