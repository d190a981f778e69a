import { join } from 'node:path'
import t, { type Test } from 'tap'
import { applyConfiguration } from '../../../src/operations/config/apply-configuration.ts'
import { fakeKernel } from '../../helpers/fake-kernel/fake-kernel.ts'
import { parseExact } from '../../helpers/json.ts'
import { lastingStage } from '../../helpers/lasting-stage.ts'
import { portsOn } from '../../helpers/persist.ts'
import { temporary } from '../../helpers/run.ts'
import { onMachine, procWith, withoutMemfd } from '../../helpers/running-machine.ts'
import { G, M } from '../../helpers/sizes.ts'

/** A fake kernel of two nodes of 4 GiB, with 3 and 5 pages of 2M, and a configuration. */
const configured = (t: Test, text: string) => lastingStage(t, { '/etc/hugepool.toml': text })

const global2M = '/sys/kernel/mm/hugepages/hugepages-2048kB'
const onNode = (node: number) => `/sys/devices/system/node/node${node}/hugepages/hugepages-2048kB`

const spread = '[pools.2M]\npages = "0:8,1:2"\novercommit = 4\n'

t.test(
  'a machine is made as its configuration wants it, and a second run writes nothing',
  async (t) => {
    const { kernel, hugepool } = configured(t, spread)
    t.strictSame(await hugepool('apply'), {
      status: 0,
      stdout: `WHAT           BEFORE  REQUESTED  AFTER  OUTCOME
2M on node 0   3       8          8      done
2M on node 1   5       2          2      done
2M overcommit  0       4          4      done
`,
      stderr: 'hugepool: note: the machine is as the configuration wants it\n',
    })
    const written = kernel.writes.map(({ path, value }) => `${value} > ${path}`)
    t.strictSame(written, [
      `2 > ${onNode(1)}/nr_hugepages`,
      `8 > ${onNode(0)}/nr_hugepages`,
      `4 > ${global2M}/nr_overcommit_hugepages`,
    ])
    t.strictSame(await hugepool('apply'), {
      status: 0,
      stdout: `WHAT           BEFORE  REQUESTED  AFTER  OUTCOME
2M on node 0   8       8          8      unchanged
2M on node 1   2       2          2      unchanged
2M overcommit  4       4          4      unchanged
`,
      stderr: 'hugepool: note: the machine is as the configuration wants it\n',
    })
    t.equal(kernel.writes.length, written.length)
  },
)

t.test(
  'a dry run prints the lines that do it, and its changes as the real run has them',
  async (t) => {
    const { kernel, hugepool } = configured(t, spread)
    t.strictSame(await hugepool('apply --dry-run'), {
      status: 0,
      stdout: `echo 2 > ${onNode(1)}/nr_hugepages
echo 8 > ${onNode(0)}/nr_hugepages
echo 4 > ${global2M}/nr_overcommit_hugepages
`,
      stderr: '',
    })
    const { stdout } = await hugepool('apply --dry-run --json')
    t.strictSame(kernel.writes, [])
    const { changes: planned } = parseExact(stdout) as { changes: readonly object[] }
    const { changes } = parseExact((await hugepool('apply --json')).stdout) as typeof planned & {
      changes: readonly { after: bigint; outcome: string }[]
    }
    t.strictSame(
      changes.map(({ after: _, outcome: __, ...rest }) => rest),
      planned,
    )
  },
)

t.test('without a configuration nothing is done', async (t) => {
  const { kernel, hugepool } = lastingStage(t)
  const words = 'there is no configuration: neither /etc/hugepool.toml nor a file of hugepool.d'
  t.strictSame(await hugepool('apply --boot'), { status: 0, stdout: `${words}\n`, stderr: '' })
  t.strictSame(await hugepool('apply --dry-run'), {
    status: 0,
    stdout: '',
    stderr: `hugepool: note: ${words}\nhugepool: note: nothing to do\n`,
  })
  t.strictSame(kernel.writes, [])
})

const hint =
  'hint: the largest count that fits is 2M=4014; --leave AMOUNT changes the margin, --leave 0 lets the kernel try\n'
const tooMany = '[pools.2M]\npages = 9000\n'

// The page of 1G may have to come from either node, so that each keeps room for it.
t.test('what falls short is told, and what can be had is done', async (t) => {
  const { kernel, hugepool } = configured(t, `[pools.1G]\npages = 1\n${tooMany}`)
  kernel.failWrite('/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages', 'EIO', 'always')
  const { status, stdout } = await hugepool('apply')
  t.strictSame(
    { status, stdout },
    {
      status: 64,
      stdout: `WHAT  BEFORE  REQUESTED  AFTER  OUTCOME
1G    0       1          0      partial
2M    8       9000       2990   partial
`,
    },
  )
})

t.test('a shortage of what is not essential is a warning', async (t) => {
  const { hugepool } = configured(t, `${tooMany}essential = false\n`)
  t.strictSame(await hugepool('apply'), {
    status: 0,
    stdout: `WHAT  BEFORE  REQUESTED  AFTER  OUTCOME
2M    8       9000       4014   partial
`,
    stderr: `hugepool: note: 2M: not an equal part of each node, for memory is short on one: 2002 from node 1, 2004 from node 0
hugepool: note: all that is essential is as the configuration wants it
hugepool: note: 2M: cut to 4014: 9000 pages of 2M would leave less than 163M of the 8176M of memory available
hugepool: note: 2M: asked for 9000, got 4014: 4986 short
${hint}`,
  })
})

t.test('all or nothing refuses what is known to fall short', async (t) => {
  const { kernel, hugepool } = configured(t, tooMany)
  t.strictSame(await hugepool('apply --all-or-nothing'), {
    status: 1,
    stdout: '',
    stderr: `hugepool: 2M: 9000 pages of 2M would leave less than 163M of the 8176M of memory available; nothing was changed
${hint}`,
  })
  t.strictSame(kernel.writes, [])
})

t.test('all or nothing puts everything back where the kernel gives less', async (t) => {
  const { kernel, hugepool } = configured(t, spread)
  kernel.failWrite(`${global2M}/nr_overcommit_hugepages`, 'EIO', 'always')
  const { status, stdout } = await hugepool('apply --all-or-nothing')
  t.strictSame({ status, stdout }, { status: 1, stdout: '' })
  t.equal(kernel.read(`${onNode(0)}/nr_hugepages`), '3\n')
  t.equal(kernel.read(`${onNode(1)}/nr_hugepages`), '5\n')
})

t.test('a start tells each pool in a line, and the whole in a sentence', async (t) => {
  const { hugepool } = configured(t, '[pools.2M]\npages = ">=4"\n')
  t.strictSame(await hugepool('apply --boot'), {
    status: 0,
    stdout: '2M: 8 of at least 4 pages\nthe machine is as the configuration wants it\n',
    stderr: '',
  })
})

t.test(
  'what the machine lacks is left out where it is optional, and missing elsewhere',
  async (t) => {
    const absent = '[pools.16M]\npages = 1\n'
    const rest = '[pools.2M]\npages = 6\n'
    const optional = await configured(t, `${absent}optional = true\n${rest}`).hugepool('apply')
    t.strictSame(
      { status: optional.status, stdout: optional.stdout },
      {
        status: 0,
        stdout: `WHAT  BEFORE  REQUESTED  AFTER  OUTCOME
16M   -       1          -      unchanged
2M    8       6          6      done
`,
      },
    )
    const { status, stdout } = await configured(t, absent + rest).hugepool('apply')
    t.strictSame(
      { status, stdout },
      {
        status: 64,
        stdout: `WHAT  BEFORE  REQUESTED  AFTER  OUTCOME
16M   -       1          -      partial
2M    8       6          6      done
`,
      },
    )
  },
)

t.test('a file with a mistake is refused with its place, and nothing is done', async (t) => {
  const { kernel, hugepool } = configured(t, '[pools.2M]\npages = 4\npagse = 1\n')
  t.strictSame(await hugepool('apply'), {
    status: 2,
    stdout: '',
    stderr:
      'hugepool: /etc/hugepool.toml:3:1: pools.2M.pagse: there is no such key: did you mean pages?\n',
  })
  t.strictSame(kernel.writes, [])
})

t.test('who holds pages that were to go is looked for, except at a start', async (t) => {
  const record = join(temporary(t), 'mounts.json')
  const hintsOf = async (boot: boolean) => {
    const kernel = fakeKernel({
      nodes: [{ id: 0, memory: 8n * G }],
      pools: [{ size: 2n * M, persistent: { 0: 3n } }],
    })
    kernel.map(2n * M, 3n).touch(3n)
    kernel.extra.set('/proc/self/mountinfo', '1 0 0:1 / / rw - ext4 /dev/vda rw\n')
    const tree = onMachine(
      kernel,
      procWith(t, { 7: 'Name:\tvm\nVmSize:\t99999 kB\nHugetlbPages:\t6144 kB\n' }),
    )
    const ports = { ...portsOn('/'), tree, native: () => ({ ...withoutMemfd, flock: () => {} }) }
    const result = await applyConfiguration(
      ports,
      {
        source: { from: 'text', text: '[pools.2M]\npages = 0\n', name: 'none.toml' },
        dryRun: false,
        allOrNothing: false,
        compact: false,
        wait: true,
        prune: false,
        boot,
      },
      record,
    )
    return result.kind === 'applied' ? result.hints : undefined
  }
  t.strictSame(await hintsOf(false), ['2M: process 7 (vm) has 3 pages mapped'])
  t.strictSame(await hintsOf(true), [])
})
