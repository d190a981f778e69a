import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { unitWriters } from '../../../../src/kernel/config/writers/unit-writers.ts'
import { writableFacts, writerLine, writerStage } from '../../../helpers/writer-stage.ts'

const pool = '/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages'
const wants = '/etc/systemd/system/multi-user.target.wants'
const lib = '/usr/lib/systemd/system'
const exec = `[Service]\nExecStart=/bin/sh -c 'echo 4 > ${pool}'\n`

const found = (
  t: Test,
  files: Readonly<Record<string, string>>,
  links: Readonly<Record<string, string>> = {},
) => {
  const { root, tree, reader } = writerStage(t, files)
  for (const [path, to] of Object.entries(links)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    symlinkSync(to, join(root, path))
  }
  return unitWriters(tree, reader, writableFacts).map(writerLine)
}

const wanted = (name: string) => ({ [`${wants}/${name}`]: '/x' })

t.test('a service that starts by itself', async (t) => {
  const name = 'pages.service'
  t.strictSame(found(t, { [`${lib}/${name}`]: exec }, wanted(name)), [
    `unit after ${lib}/${name}:2 persistent 1G=4`,
  ])
  t.strictSame(found(t, { [`${lib}/${name}`]: exec }), [], 'nothing wants it')
  t.strictSame(
    found(
      t,
      { [`${lib}/${name}`]: exec, [`/etc/systemd/system/${name}`]: '[Unit]\n' },
      wanted(name),
    ),
    [],
    "the administrator's file counts",
  )
  t.strictSame(
    found(
      t,
      { [`${lib}/${name}`]: exec },
      { ...wanted(name), [`/etc/systemd/system/${name}`]: '/dev/null' },
    ),
    [],
    'a masked one does not start',
  )
})

t.test('the script that it runs', async (t) => {
  const name = 'hugetlb-gigantic-pages.service'
  const script = '/usr/lib/systemd/hugetlb-reserve-pages.sh'
  const files = {
    [`${lib}/${name}`]: `[Unit]\nDefaultDependencies=no\nBefore=dev-hugepages.mount\n[Service]\nExecStart=${script}\n`,
    [script]: `#!/bin/sh\nnodes=x\necho $1 > $nodes/nr_hugepages\necho 3 > ${pool}\n`,
  }
  t.strictSame(found(t, files, wanted(name)), [
    `unit undefined ${script}:3 echo $1 > $nodes/nr_hugepages`,
    `unit undefined ${script}:4 persistent 1G=3`,
  ])
  t.strictSame(
    found(t, { ...files, [script]: `\x7fELF echo 3 > ${pool}\n` }, wanted(name)),
    [`unit undefined ${lib}/${name} ${name}`],
    'a program is not looked into',
  )
})

t.test('a unit that is ordered', async (t) => {
  const name = 'pages.service'
  const early = `[Unit]\nDefaultDependencies=no\nBefore=hugepool.service\n${exec}`
  t.strictSame(found(t, { [`${lib}/${name}`]: early }, wanted(name)), [
    `unit before ${lib}/${name}:5 persistent 1G=4`,
  ])
})

t.test('a unit that is named so, whatever its program is', async (t) => {
  const program = '[Service]\nExecStart=/usr/local/bin/allocate 4\n'
  for (const name of [
    'hugepages-allocation-2048kB-NUMA0.service',
    'hugetlb-gigantic-pages.service',
  ])
    t.strictSame(found(t, { [`${lib}/${name}`]: program }, wanted(name)), [
      `unit after ${lib}/${name} ${name}`,
    ])
  const other = 'transparent-hugepages-off.service'
  t.strictSame(found(t, { [`${lib}/${other}`]: program }, wanted(other)), [])
})

t.test('a known service, and the own one', async (t) => {
  const nitro = 'nitro-enclaves-allocator.service'
  t.strictSame(
    found(t, { [`${lib}/${nitro}`]: '[Service]\nExecStart=/usr/bin/x\n' }, wanted(nitro)),
    [`nitro-enclaves after ${lib}/${nitro} ${nitro}`],
  )
  const allocator = '/etc/nitro_enclaves/allocator.yaml'
  const files = { [`${lib}/${nitro}`]: '[Service]\n', [allocator]: '---\nmemory_mib: 512\n' }
  t.strictSame(found(t, files, wanted(nitro)), [
    `nitro-enclaves after ${allocator}:2 memory_mib: 512`,
  ])
  const own = 'hugepool.service'
  t.strictSame(found(t, { [`/etc/systemd/system/${own}`]: exec }, wanted(own)), [])
})
