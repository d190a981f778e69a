import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { vias } from '../../src/model/mapping/mapping-request.ts'
import { doctorSchema } from '../../src/output/schemas/doctor-schema.ts'
import { parseExact } from '../helpers/json.ts'
import { answered, combined, differing, doctor, failing, tried } from './support/answers.ts'
import { hold } from './support/holder.ts'
import { kernelHas } from './support/kernels.ts'
import { atEnd, liveOn } from './support/live.ts'
import { memoryNodes, setOvercommit, setPool, sizeName, smallest } from './support/machine.ts'
import { mounted } from './support/mounted.ts'
import { asNobody, asNobodyUnder, readableCopy } from './support/nobody.ts'
import { hugepoolLine, native, run, within } from './support/program.ts'
import { setSpread } from './support/spread.ts'

// What `doctor` says is what `test` meets: --try makes the mapping after the checks.

const live = liveOn('pools that can be set', 'time for what the kernel alone decides')
const unprivileged = liveOn('pools that can be set', 'processes: users')
const inGroup = liveOn('the machine hugetlb-cgroup')

const onNodes = liveOn('pools that can be set', 'two nodes with memory', 'processes: policies')

const name = sizeName(smallest)

/** The words of every way, with a mount for files. */
const linesOn = (directory: string): readonly string[] =>
  combined(combined(vias, [1, 4, 5]), ['', ' --noreserve']).map(([[via, pages], more]) => {
    const mount = via === 'file' ? ` --mount ${directory}` : ''
    return `${name}=${pages} --via ${via}${mount}${more}`
  })

live('pools, overcommit and reservations of others', async (t) => {
  const directory = await mounted()
  const wrong: string[] = []
  for (const [[pool, overcommit], reserved] of combined(combined([0, 2, 5], [0, 2]), [0, 2])) {
    setPool(smallest, pool)
    setOvercommit(smallest, overcommit)
    const isHeld = reserved > 0 && reserved <= pool
    const holding = isHeld ? await hold(smallest, { pages: reserved }) : undefined
    for (const line of tried(linesOn(directory), pool + overcommit + reserved, 16))
      wrong.push(...differing(`${pool} ${overcommit} ${reserved}: ${line}`, await doctor(line)))
    await holding?.release()
  }
  t.strictSame(wrong, [])
})

live('limits of a mount: its size, its files, its flags', async (t) => {
  setPool(smallest, 6)
  const wrong: string[] = []
  const flags = [
    '',
    `,size=${2 * smallest}`,
    ',nr_inodes=1',
    ',nr_inodes=2',
    ',ro',
    ',noexec',
    ',mode=0',
  ]
  const ways = ['', ' --noreserve', ' --private', ' --private --fork']
  const lines = combined(combined(flags, [1, 2, 3]), ways)
  for (const [[options, pages], more] of tried(lines, 0, 5)) {
    const directory = await mounted(options)
    const line = `${name}=${pages} --mount ${directory}${more}`
    wrong.push(...differing(`${options} ${line}`, await doctor(line)))
  }
  t.strictSame(wrong, [])
})

live('a minimum of a mount is for its files', async (t) => {
  setPool(smallest, 6)
  const directory = await mounted(`,min_size=${4 * smallest}`)
  t.equal(await answered(`${name}=4`), 'no available')
  t.equal(await answered(`${name}=6`, '--mount', directory), 'yes')
  const wrong: string[] = []
  for (const pages of [2, 3, 6, 7])
    for (const line of [`${name}=${pages}`, `${name}=${pages} --mount ${directory}`])
      wrong.push(...differing(line, await doctor(line)))
  t.strictSame(wrong, [])
})

live('limits of the process', async (t) => {
  setPool(smallest, 6)
  const wrong: string[] = []
  const limits = ['as=unlimited', 'data=1073741824', 'fsize=4096', 'memlock=0', 'memlock=65536']
  // In a guest a process of its own takes more than a second: a quarter.
  for (const [limit, via] of tried(combined(limits, ['anon', 'memfd', 'shm']), 0, 4)) {
    const words = ['doctor', `${name}=4`, '--via', via, '--try', '--json']
    const result = await run(['prlimit', `--${limit}`, ...hugepoolLine, ...words])
    wrong.push(...differing(`${limit} ${via}`, result))
  }
  t.strictSame(wrong, [])
})

unprivileged('what nobody is told is what nobody meets', async (t) => {
  setPool(smallest, 6)
  const copy = readableCopy()
  const wrong: string[] = []
  for (const mode of ['0755', '0777']) {
    const directory = await mounted(`,mode=${mode}`)
    for (const words of [
      [`${name}=4`],
      [`${name}=4`, '--via', 'memfd'],
      [`${name}=4`, '--via', 'shm'],
      [`${name}=4`, '--mount', directory],
      [`${name}=7`, '--mount', directory],
    ]) {
      const line = `${mode} ${words.join(' ')}`
      const own = await asNobody(copy, 'doctor', ...words, '--try', '--json')
      wrong.push(...differing(line, own))
      const { answer } = doctorSchema.parse(parseExact(own.out))
      const of = doctorSchema.parse(
        parseExact((await within(['doctor', ...words, '--user', '65534', '--json'])).out),
      )
      // The limits that a user has after a login are not known before it.
      const isOpen = words.includes('shm') && !kernelHas('segmentsIgnoreMemlock')
      const expected = isOpen && answer === 'no' ? 'unknown' : answer
      if (of.answer !== expected) wrong.push(`${line} as nobody: ${of.answer} (${failing(of)})`)
    }
  }
  t.strictSame(wrong, [])
})

const shmGroup = '/proc/sys/vm/hugetlb_shm_group'

unprivileged('what a user namespace is told is what it meets', async (t) => {
  setPool(smallest, 6)
  const copy = readableCopy()
  const before = readFileSync(shmGroup, 'utf8')
  atEnd(() => writeFileSync(shmGroup, before))
  const wrong: string[] = []
  const found: string[] = []
  for (const map of [['--map-root-user'], []])
    for (const [mode, group] of [
      ['0755', '0'],
      ['0777', '65534'],
    ] as const) {
      writeFileSync(shmGroup, group)
      const directory = await mounted(`,mode=${mode}`)
      for (const via of vias) {
        const way = via === 'file' ? ['--mount', directory] : ['--via', via]
        const words = ['doctor', `${name}=4`, ...way, '--try', '--json']
        const result = await asNobodyUnder(['unshare', '--user', ...map], copy, ...words)
        wrong.push(...differing(`${map} ${mode} ${via}`, result))
        const document = doctorSchema.parse(parseExact(result.out))
        found.push(`${map.length} ${mode} ${via} ${document.answer} ${failing(document)}`.trimEnd())
      }
    }
  t.strictSame(wrong, [])
  const [mapped, unmapped] = ['1', '0'].map((count) =>
    found.filter((line) => line.startsWith(count)),
  )
  t.strictSame(mapped, [
    '1 0755 anon yes',
    '1 0755 file no mount-permission',
    '1 0755 memfd yes',
    '1 0755 shm no shm-group',
    '1 0777 anon yes',
    '1 0777 file yes',
    '1 0777 memfd yes',
    '1 0777 shm yes',
  ])
  // Its group is not shown in there, and may be the one that is let in.
  t.strictSame(
    unmapped?.map((line) => line.slice(2)).filter((line) => !line.includes('shm')),
    mapped?.map((line) => line.slice(2)).filter((line) => !line.includes('shm')),
  )
})

live('another process is judged by its own limits', async (t) => {
  setPool(smallest, 6)
  const holding = await hold(smallest, { pages: 1 })
  const pid = `${holding.pid}`
  t.equal(await answered(`${name}=4`, '--pid', pid), 'yes')
  await run(['prlimit', '--pid', pid, '--as=1048576'])
  t.equal(await answered(`${name}=4`, '--pid', pid), 'no address-space')
  await holding.release()
})

onNodes('a memory policy that was there before the program', async (t) => {
  setSpread(smallest, [4, 1])
  const [first, second] = memoryNodes as [number, number]
  const both = [first, second]
  const wrong: string[] = []
  const found: string[] = []
  for (const [mode, nodes] of [
    [2, [first]],
    [2, [second]],
    [2, both],
    [1, [second]],
    [3, both],
  ] as const)
    for (const [pages, more] of combined([1, 2, 5, 6], ['', '--noreserve'])) {
      const words = ['doctor', `${name}=${pages}`, ...(more === '' ? [] : [more])]
      native().setMempolicy(mode, nodes)
      try {
        const result = await run([...hugepoolLine, ...words, '--try', '--json'])
        wrong.push(...differing(`${mode} ${nodes} ${words.join(' ')}`, result))
        const { answer } = doctorSchema.parse(parseExact(result.out))
        if (more === '') found.push(`${mode}:${nodes} ${pages} ${answer}`)
      } finally {
        native().setMempolicy(0, [])
      }
    }
  t.strictSame(wrong, [])
  t.ok(found.includes(`2:${second} 2 no`) && found.includes(`1:${second} 2 yes`), `${found}`)
})

live('a trial in the place of another process', async (t) => {
  setPool(smallest, 4)
  const holding = await hold(smallest, { pages: 1 })
  const pid = `${holding.pid}`
  const triedAsIt = async (...words: readonly string[]) => {
    const line = ['doctor', ...words, '--pid', pid, '--try', '--json']
    const { out, err } = await run([...hugepoolLine, ...line])
    const { answer, trial, untried } = doctorSchema.parse(parseExact(out))
    return `${answer} ${trial?.outcome} ${trial?.differs} ${trial?.without ?? ''}${untried ?? ''}${err.includes('fault') ? err : ''}`
  }
  const wrong: string[] = []
  // A program takes three seconds to start under emulation.
  for (const via of tried(['anon', 'memfd', 'shm'], 0, 3))
    for (const [pages, found] of [
      [3, 'yes done false '],
      [4, 'no failed false '],
    ] as const) {
      const said = await triedAsIt(`${name}=${pages}`, '--via', via)
      if (said !== found) wrong.push(`${via} ${pages}: ${said}`)
    }
  t.strictSame(wrong, [])
  await run(['prlimit', '--pid', pid, '--as=1048576'])
  t.equal(await triedAsIt(`${name}=3`), 'no done false RLIMIT_AS')
  await holding.release()
})

const groups = '/sys/fs/cgroup'

inGroup('limits of cgroups, of their own and of those above', async (t) => {
  setPool(smallest, 8)
  const limited = `${groups}/limited`
  const inner = `${limited}/inner`
  mkdirSync(inner, { recursive: true })
  const limit = (file: string, pages: string) =>
    writeFileSync(`${limited}/hugetlb.2MB.${file}`, pages)
  writeFileSync(`${limited}/cgroup.procs`, '0')
  atEnd(() => writeFileSync(`${groups}/cgroup.procs`, '0'))
  atEnd(() => limit('rsvd.max', 'max'))
  const wrong: string[] = []
  for (const reserved of ['max', `${2 * smallest}`, `${4 * smallest}`]) {
    limit('rsvd.max', reserved)
    for (const via of ['anon', 'memfd', 'shm'])
      for (const pages of [2, 3, 4, 5])
        for (const more of ['', ' --noreserve', ...(via === 'anon' ? [' --fork'] : [])]) {
          const line = `${name}=${pages} --via ${via}${more}`
          wrong.push(...differing(`${reserved}: ${line}`, await doctor(line)))
        }
  }
  t.strictSame(wrong, [])
  limit('rsvd.max', `${2 * smallest}`)
  writeFileSync(`${groups}/cgroup.procs`, '0')
  t.equal(await answered(`${name}=3`), 'yes', 'outside')
  t.equal(await answered(`${name}=3`, '--cgroup', '/limited'), 'no cgroup-rsvd')
  t.equal(await answered(`${name}=3`, '--cgroup', limited), 'no cgroup-rsvd')
})
