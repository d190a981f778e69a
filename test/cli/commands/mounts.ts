import t from 'tap'
import { octets } from '../../../src/model/etc/octets.ts'
import { mountsSchema } from '../../../src/output/schemas/mounts-schema.ts'
import { parseExact } from '../../helpers/json.ts'
import { run, treeOf } from '../../helpers/run.ts'

const tree = 'two-nodes'

const remarks = `hugepool: note: /mnt/none: its size is 0: no file there can have a page
hugepool: note: /mnt/twice: the mount with 2M pages is hidden by a later one
hugepool: note: /run/app/huge: the mount with 2M pages is hidden by a later one
`

const table = async (line: string) => {
  const { status, stdout, stderr } = await run(line.split(' '), { tree })
  t.strictSame({ status, stderr }, { status: 0, stderr: remarks }, line)
  return stdout
}

t.test('a table', async (t) => {
  t.equal(
    await table('mounts -o TARGET,PAGE-SIZE,SIZE,MIN-SIZE,INODES,UID,GID,MODE,HIDDEN'),
    `\
TARGET             PAGE-SIZE  SIZE  MIN-SIZE  INODES    UID  GID  MODE  HIDDEN
/dev/hugepages            2M     -         -       -      0    0  0755  -
/mnt/huge1g               1G    4G        1G      64  64055  108  0770  -
/srv/vm                   1G    4G        1G      64  64055  108  0770  -
/mnt/none                 2M     0         -       -      0    0  1777  -
/mnt/twice                2M     -         -       -      0    0  0755  *
/mnt/twice                2M     -        8M       -      0    0  0755  -
/run/app/huge             2M     -         -       -      0    0  0755  *
/srv/größe a\\012b         2M     -         -       -      0    0  0755  -
`,
  )
})

t.test('the columns that are shown, and all of them', async (t) => {
  const usual = 'TARGET PAGE-SIZE SIZE MIN-SIZE USED FREE'
  t.equal((await table('mounts -r')).split('\n')[0], usual)
  const all = `${usual} INODES FILES UID GID MODE`
  t.equal((await table('mounts -r --output-all')).split('\n')[0], `${all} OPTIONS HIDDEN USE`)
})

t.test('raw has as many fields in every line', async (t) => {
  const lines = (await table('mounts -rn --output-all')).trimEnd().split('\n')
  t.strictSame(
    lines.map((line) => line.split(' ').length),
    Array(8).fill(14),
  )
  t.equal(
    lines.at(-1),
    '/srv/größe\\040a\\012b 2M - - - - - - 0 0 0755 rw,relatime,pagesize=2M no -',
  )
  t.match(lines[6], /^\/run\/app\/huge .* yes -$/)
})

t.test('bytes', async (t) => {
  t.equal(
    (await table('mounts -rnb -o PAGE-SIZE,SIZE,MIN-SIZE')).split('\n')[1],
    '1073741824 4294967296 1073741824',
  )
})

t.test('options as the kernel writes them', async (t) => {
  const lines = (await table('mounts -rn -o OPTIONS')).split('\n')
  t.equal(lines[0], 'rw,nosuid,nodev,relatime,pagesize=2M')
  t.equal(
    lines[2],
    'ro,nosuid,nodev,noexec,relatime,uid=64055,gid=108,mode=770,nr_inodes=64,pagesize=1024M,size=4294967296,min_size=1073741824',
  )
})

t.test('a document', async (t) => {
  const { stdout } = await run(['mounts', '--json'], { tree })
  const { mounts } = mountsSchema.parse(parseExact(stdout))
  t.strictSame(mounts[1], {
    target: '/mnt/huge1g',
    device: '0:50',
    pageSize: 2n ** 30n,
    size: 2n ** 32n,
    minSize: 2n ** 30n,
    inodes: 64n,
    uid: 64055,
    gid: 108,
    mode: '0770',
    options:
      'rw,nosuid,nodev,relatime,uid=64055,gid=108,mode=770,nr_inodes=64,pagesize=1024M,size=4294967296,min_size=1073741824',
    hidden: false,
  })
  t.strictSame(mounts.filter((mount) => mount.hidden).length, 2)
  t.equal(mounts.at(-1)?.target, '/srv/größe a\nb')
  t.ok(
    mounts.every((mount) => !('used' in mount || 'free' in mount || 'files' in mount)),
    'a recording cannot be looked into',
  )
})

t.test('none at all', async (t) => {
  t.strictSame(await run(['mounts'], { tree: 'container' }), {
    status: 0,
    stdout: '',
    stderr: 'hugepool: note: no hugetlbfs is mounted\n',
  })
})

t.test('mountinfo that is missing or no mountinfo', async (t) => {
  t.strictSame(await run(['mounts'], { tree: 'one-node' }), {
    status: 4,
    stdout: '',
    stderr:
      'hugepool: /proc/self/mountinfo: is missing\nhint: the recording lacks it, so its mounts are not known\n',
  })
  const bare = { ...treeOf('one-node'), root: '' }
  t.hasStrict(await run(['mounts'], { tree: bare }), {
    status: 4,
    stderr:
      "hugepool: /proc/self/mountinfo: is missing\nhint: 'mount -t proc proc /proc' shows it\n",
  })
  const garbage = { ...treeOf(tree), read: () => octets('nonsense\x1b[2J\n') }
  t.strictSame(await run(['mounts'], { tree: garbage }), {
    status: 1,
    stdout: '',
    stderr: 'hugepool: /proc/self/mountinfo: unknown line "nonsense\\u001b[2J"\n',
  })
})

/** The machine with other mounts. */
const withMounts = (...table: readonly string[]) => {
  const { read, ...rest } = treeOf(tree)
  const text = table.map((line) => `${line}\n`).join('')
  return {
    ...rest,
    read: (path: string) => (path === '/proc/self/mountinfo' ? octets(text) : read(path)),
  }
}

const understood = '32 28 0:50 / /mnt/huge rw - hugetlbfs none rw,pagesize=2M'

t.test('options as they were typed, as kernels before 4.13 show them', async (t) => {
  const old = withMounts(
    '37 17 0:32 / /dev/hugepages rw,relatime shared:25 - hugetlbfs hugetlbfs rw,seclabel',
    '38 17 0:33 / /dev/hugepages1G rw,relatime - hugetlbfs hugetlbfs rw,seclabel,pagesize=1G',
    '40 17 0:35 / /run/kvm rw,relatime - hugetlbfs kvm rw,mode=775,gid=125,nr_inodes=1k,size=10%',
  )
  const columns = 'TARGET,PAGE-SIZE,SIZE,INODES,GID,MODE'
  t.strictSame(await run(['mounts', '-o', columns], { tree: old }), {
    status: 0,
    stdout: `\
TARGET            PAGE-SIZE  SIZE  INODES  GID  MODE
/dev/hugepages           2M     -       -    0  0755
/dev/hugepages1G         1G     -       -    0  0755
/run/kvm                 2M     -    1024  125  0775
`,
    stderr:
      'hugepool: note: /run/kvm: size=10% was a share of the pool when it was mounted: its bytes are not known\n',
  })
})

t.test('options that are not understood hide nothing else', async (t) => {
  for (const [options, unclear] of [
    ['rw,pagesize=2M,uid=abc', 'uid=abc'],
    ['rw,pagesize=x,mode=9', 'pagesize=x, mode=9'],
  ] as const) {
    const mixed = withMounts(`31 28 0:49 / /mnt/odd rw - hugetlbfs none ${options}`, understood)
    const { status, stdout, stderr } = await run(['mounts', '-rno', 'TARGET,OPTIONS'], {
      tree: mixed,
    })
    t.equal(status, 64)
    t.equal(stdout, `/mnt/odd ${options}\n/mnt/huge rw,pagesize=2M\n`)
    t.equal(
      stderr,
      `hugepool: options of the hugetlbfs on /mnt/odd are not understood: ${unclear}\n`,
    )
    const json = await run(['mounts', '--json'], { tree: mixed })
    const { mounts } = mountsSchema.parse(parseExact(json.stdout))
    t.strictSame(mounts[0]?.notUnderstood, unclear.split(', '))
    t.notOk(mounts[0] && 'mode' in mounts[0] && 'uid' in mounts[0], 'no value is made up')
    t.hasStrict(mounts[1], { pageSize: 2n ** 21n, mode: '0755', notUnderstood: undefined })
  }
})

t.test('a line that is not understood hides nothing else', async (t) => {
  const mixed = withMounts('nonsense\x1b[2J', understood)
  const { status, stdout, stderr } = await run(['mounts', '-rno', 'TARGET'], { tree: mixed })
  t.strictSame([status, stdout], [64, '/mnt/huge\n'])
  t.equal(
    stderr,
    'hugepool: /proc/self/mountinfo: a line is not understood: "nonsense\\u001b[2J"\n',
  )
  const json = await run(['mounts', '--json'], { tree: mixed })
  const { mounts, unknownLines } = mountsSchema.parse(parseExact(json.stdout))
  t.equal(mounts.length, 1)
  t.strictSame(unknownLines, ['nonsense\u001b[2J'])
})

t.test('it takes no operand', async (t) => {
  const { status, stderr } = await run(['mounts', '/dev/hugepages'], { tree })
  t.equal(status, 2)
  t.match(stderr, "'/dev/hugepages' is one word too many")
})
