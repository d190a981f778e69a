import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { directoryTree } from '../../src/kernel/tree.ts'
import type { DocumentName } from '../../src/output/schemas/documents.ts'
import { copyStage } from './copy-stage.ts'
import { fakeKernel } from './fake-kernel/fake-kernel.ts'
import { fakeMapper } from './fake-mapper.ts'
import { nativeWith } from './fake-native.ts'
import { hugeDirectory } from './huge-directory.ts'
import { lastingStage } from './lasting-stage.ts'
import { onFake } from './on-fake.ts'
import { run, treeCopy } from './run.ts'
import { serviceMachine } from './service-machine.ts'
import { twoNodes } from './test-on-fake.ts'

/** Command lines of every command that end well, and a dry run of each that has one. */
export const documentedLines: Readonly<Record<DocumentName, readonly string[]>> = {
  list: ['list', 'list 2M'],
  resize: ['resize 2M=12', 'resize 2M=0:1', 'resize 2M=0 --dry-run'],
  overcommit: ['overcommit 2M=7', 'overcommit 2M=7 --dry-run'],
  demote: ['demote 1G=1', 'demote 1G=1 --dry-run'],
  mounts: ['mounts'],
  mount: ['mount /dev/hugepages', 'mount /mnt/x/y --mkdir --dry-run'],
  umount: ['umount /mnt/huge', 'umount /mnt/huge --lazy', 'umount /mnt/huge --dry-run'],
  cp: ['cp plain/a huge', 'cp plain/a huge --dry-run'],
  test: ['test 2M=2', 'test 2M=0:1,1:1 --steps --frames'],
  who: ['who', 'who 2M --by kind', 'who --by node'],
  watch: ['watch --count 1', 'watch 2M --who --count 1 --until 2M.total>0'],
  files: [
    'files',
    'files --clean --yes --older 0s',
    'files --clean --keep *',
    'files --clean --dry-run',
  ],
  doctor: ['doctor', 'doctor 2M=2', 'doctor 2M=0:1,1:1'],
  apply: ['apply', 'apply --dry-run'],
  check: ['check', 'check --syntax'],
  boot: [
    'boot',
    'boot --line hugepages=4',
    'boot --check --kernel all --line hugetlb_cma=1G',
    'boot 2M=4',
    'boot --install --line hugepages=4 --dry-run',
  ],
  service: [
    'service print dpdk',
    'service install',
    'service status',
    'service remove --dry-run',
    'service metrics install',
  ],
  tune: ['tune', 'tune shm-group', 'tune shm-group=7', 'tune shm-group=7 --dry-run'],
  export: ['export', 'export --all'],
  metrics: ['metrics', 'metrics --cgroups --holders', 'metrics --alerts', 'metrics --dashboard'],
  schema: ['schema', 'schema list', 'schema config'],
  completion: ['completion bash'],
  man: ['man', 'man resize'],
}

const configuration = '[pools.2M]\npages = 9\n[pools.16M]\npages = 1\noptional = true\n'

const onMachine = (line: string) => {
  const kernel = fakeKernel(twoNodes)
  kernel.extra.set('/proc/self/mountinfo', '')
  return onFake(kernel, `${line} --json`, { mapper: fakeMapper(kernel) })
}

const added = '99 28 0:70 / /mnt/huge rw - hugetlbfs none rw,pagesize=2M\n'

/** A recorded machine with one more mount, which umount2(2) takes away. */
const onTree = (t: Test, line: string) => {
  const root = treeCopy(t, 'two-nodes')
  const mountinfo = join(root, 'proc/self/mountinfo')
  const before = readFileSync(mountinfo, 'utf8')
  mkdirSync(join(root, 'mnt/huge'), { recursive: true })
  appendFileSync(mountinfo, added)
  const native = nativeWith({ umount: () => writeFileSync(mountinfo, before) })
  return run([...line.split(' '), '--json'], { tree: directoryTree(root), native })
}

/** A file is copied between directories of this disk, of which one has pages. */
const onStage = (t: Test, line: string) => {
  const stage = copyStage(t)
  writeFileSync(join(stage.plain, 'a'), 'a')
  return stage.run(`${line} --json`)
}

/** Runs a line with --json on a machine that has the files that its command is about. */
export const printedBy = (t: Test, name: DocumentName, line: string) => {
  if (name === 'cp') return onStage(t, line)
  if (name === 'files') return hugeDirectory(t, ['rtemap_0', 'b']).run(`${line} --json`)
  if (name === 'apply' || name === 'check')
    return lastingStage(t, { '/etc/hugepool.toml': configuration }).hugepool(`${line} --json`)
  if (name === 'service') return serviceMachine(t).hugepool(`${line} --json`)
  return /mount/.test(name) ? onTree(t, line) : onMachine(line)
}
