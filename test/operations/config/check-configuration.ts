import t, { type Test } from 'tap'
import { directoryTree } from '../../../src/kernel/tree.ts'
import { parseExact } from '../../helpers/json.ts'
import { lastingStage } from '../../helpers/lasting-stage.ts'
import { loaderMachines } from '../../helpers/loader-stage.ts'
import { scratch } from '../../helpers/persist.ts'
import { run, treeCopy } from '../../helpers/run.ts'

const file = '/etc/hugepool.toml'
const configured = (t: Test, text: string, more: Readonly<Record<string, string>> = {}) =>
  lastingStage(t, { [file]: text, ...more })

t.test('where a machine has drifted, and after apply it has not', async (t) => {
  const { kernel, hugepool } = configured(t, '[pools.2M]\npages = "0:8,1:2"\novercommit = 4\n')
  t.strictSame(await hugepool('check'), {
    status: 5,
    stdout: `WHAT           WANTED  FOUND  STATE  WHY
2M on node 0   8       3      drift  5 fewer than wanted
2M on node 1   2       5      drift  3 more than wanted
2M overcommit  4       0      drift  4 fewer than wanted
`,
    stderr: `hugepool: nothing is as the configuration wants it
hugepool: 2M on node 0: 5 fewer than wanted
hugepool: 2M on node 1: 3 more than wanted
hugepool: 2M overcommit: 4 fewer than wanted
hint: 'hugepool apply' makes it so
`,
  })
  t.strictSame(kernel.writes, [])
  await hugepool('apply')
  t.strictSame(await hugepool('check -r'), {
    status: 0,
    stdout: `WHAT WANTED FOUND STATE WHY
2M\\040on\\040node\\0400 8 8 ok -
2M\\040on\\040node\\0401 2 2 ok -
2M\\040overcommit 4 4 ok -
`,
    stderr: 'hugepool: note: the machine is as the configuration wants it\n',
  })
})

t.test('what the boot loader will boot is seen before the next boot', async (t) => {
  const entry = '/boot/loader/entries/abc-5.14.0.conf'
  const { [entry]: options = '', ...others } = loaderMachines.grubby?.files ?? {}
  const root = treeCopy(t, 'two-nodes')
  scratch(root, { [file]: '[pools.2M]\npages = "0:3,1:5"\nboot = true\n', ...others })
  scratch(root, { '/proc/sys/kernel/arch': 'x86_64\n' })
  const rowWith = async (words: string) => {
    scratch(root, { [entry]: options.replace(/^options .*$/m, `$& ${words}`) })
    const { stdout } = await run(['check', '-rno', 'KEY,STATE,WHY'], { tree: directoryTree(root) })
    return stdout.split('\n').find((row) => row.startsWith('pools.2M.boot'))
  }
  t.match(await rowWith(''), "pools.2M.boot next-boot 'hugepagesz=2M\\040hugepages=0:3,1:5'\\040on")
  t.equal(
    await rowWith('hugepages=0:3,1:5'),
    'pools.2M.boot next-boot the\\040next\\040boot\\040brings\\040it',
  )
})

t.test('what cannot be had is short, with the most that can', async (t) => {
  const { hugepool } = configured(t, '[pools.2M]\npages = 9000\n')
  const why = '9000 pages of 2M would leave less than 163M of the 8176M of memory available'
  const { status, stdout } = await hugepool('check --json')
  t.equal(status, 5)
  const { state, items } = parseExact(stdout) as { state: string; items: readonly object[] }
  t.strictSame(state, 'not')
  t.strictSame(items, [
    {
      attribute: 'persistent',
      pageSize: 2097152n,
      key: 'pools.2M.pages',
      essential: true,
      wanted: 9000n,
      found: 8n,
      state: 'short',
      why,
      possible: 4014n,
      file,
      line: 2,
    },
  ])
})

t.test('which files say so, and which say nothing here', async (t) => {
  const { hugepool } = configured(t, '[pools.2M]\npages = 8\n', {
    '/etc/hugepool.d/a.toml': '[when]\nnodes = 9\n[pools.2M]\npages = 1\n',
    '/usr/lib/hugepool.d/b.toml': '',
  })
  t.strictSame(await hugepool('check -v -o +KEY,PLACE'), {
    status: 0,
    stdout: `WHAT  WANTED  FOUND  STATE  WHY  KEY             PLACE
2M    8       8      ok     -    pools.2M.pages  /etc/hugepool.toml:2
`,
    stderr: `hugepool: note: /etc/hugepool.toml: was read
hugepool: note: /usr/lib/hugepool.d/b.toml: says nothing here: is empty
hugepool: note: /etc/hugepool.d/a.toml: says nothing here: when.nodes in line 2: this machine has 2 nodes
hugepool: note: the machine is as the configuration wants it
`,
  })
})

t.test('the files alone are judged without a look at the machine', async (t) => {
  const { hugepool } = configured(t, '[pools.16G]\npages = 8\n')
  t.strictSame(await hugepool('check --syntax'), {
    status: 0,
    stdout: '',
    stderr: 'hugepool: note: the files are right\n',
  })
  t.equal((await configured(t, 'pools = 1\n').hugepool('check --syntax')).status, 2)
  const elsewhere = configured(t, '', {
    '/etc/hugepool.d/a.toml': '[when]\nnodes = 9\n[mounts."/mnt/huge"]\nsize = "2M"\n',
  })
  const { status, stderr } = await elsewhere.hugepool('check --syntax')
  const fault = 'hugepool: /etc/hugepool.d/a.toml:3:2: mounts."/mnt/huge": has no page-size'
  t.strictSame([status, stderr.split('\n')[0]], [2, fault], 'a file for another machine')
  t.hasStrict(await elsewhere.hugepool('check'), { status: 0 })
})

t.test('who else sets the same at a start, and who wins', async (t) => {
  const { hugepool } = configured(t, '[pools.2M]\npages = 8\n', {
    '/etc/tmpfiles.d/huge.conf':
      'w /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages - - - - 9\n',
  })
  const { status, stderr } = await hugepool('check')
  t.equal(status, 0)
  t.match(
    stderr,
    /^hugepool: note: \/etc\/tmpfiles\.d\/huge\.conf:1: systemd-tmpfiles sets 2M to 9/m,
  )
})

t.test('the kernel command line, by what this kernel makes of it', async (t) => {
  const text = '[pools.2M]\npages = 8\nboot = true\n[boot]\nfree-vmemmap = true\ncma = "2G"\n'
  const { kernel, hugepool } = configured(t, text)
  const check = async (line: string) => {
    kernel.extra.set('/proc/cmdline', `${line}\n`)
    const { status, stdout, stderr } = await hugepool('check')
    return {
      status,
      rows: stdout.split('\n').slice(2, -1),
      words: stderr.split('\n').find((one) => / is as the config/.test(one)),
    }
  }
  const cma =
    'cma           2G      none   short      this kernel has no CMA, so that hugetlb_cma would reserve nothing'
  const essential = 'hugepool: note: all that is essential is as the configuration wants it'
  t.strictSame(await check('hugepages=9 hugepagesz=2M hugepages=8'), {
    status: 0,
    rows: [
      "2M boot       8       9      next-boot  'hugepagesz=2M hugepages=8' on the kernel command line makes it so: 'hugepool boot --from-config' writes the whole line",
      "free-vmemmap  on      off    next-boot  'hugetlb_free_vmemmap=on' on the kernel command line makes it so: 'hugepool boot --from-config' writes the whole line",
      cma,
    ],
    words: `${essential}, but for what only another start brings`,
  })
  t.strictSame(await check('hugepagesz=2M hugepages=8 hugetlb_free_vmemmap=on'), {
    status: 0,
    rows: [
      '2M boot       8       8      ok     -',
      'free-vmemmap  on      on     ok     -',
      cma.replace('short     ', 'short '),
    ],
    words: essential,
  })
})
