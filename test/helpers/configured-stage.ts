import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import type { Native } from '../../src/kernel/native/native.ts'
import type { Result } from './caught.ts'
import type { Mapping } from './fake-kernel/fake-kernel.ts'
import { type FakeKernel, type FakeKernelOptions, fakeKernel } from './fake-kernel/fake-kernel.ts'
import { type Errno, systemError } from './fake-kernel/fake-kernel-errors.ts'
import { nativeWith } from './fake-native.ts'
import { type FakeOptions, onFake } from './on-fake.ts'
import { temporary } from './run.ts'
import { G } from './sizes.ts'

const mountinfo = '/proc/self/mountinfo'

/** A machine with files of its own below a directory, which mounts and unmounts hugetlbfs. */
export interface ConfiguredStage {
  readonly kernel: FakeKernel
  readonly root: string
  /** What mount(2) and umount2(2) answer; undefined where they do what they are asked to. */
  refusal: { readonly call: 'mount' | 'umount'; readonly errno: Errno } | undefined
  /** The mounts that were made and removed: `mount /mnt/huge`, `umount /mnt/huge`. */
  readonly calls: readonly string[]
  /** Writes a file of the machine. */
  write(path: string, text: string): void
  /** Has somebody mount something: a line of mountinfo without its ids. */
  mount(target: string, options: string, type?: string): void
  unmount(target: string): void
  run(line: string, around?: FakeOptions): Promise<Result>
}

interface Mounted {
  readonly id: number
  readonly target: string
  readonly line: string
  readonly reserved?: Mapping
}

const optionIn = (data: string, name: string): bigint | undefined => {
  const value = new RegExp(`(?:^|,)${name}=([0-9]+)([KMG]?)`).exec(data)
  if (value === null) return undefined
  return BigInt(value[1] ?? 0) * 1024n ** BigInt(['', 'K', 'M', 'G'].indexOf(value[2] ?? ''))
}

/** Two nodes of 4 GiB each, unless the machine is another one. */
export const configuredStage = (
  t: Test,
  configuration: string,
  machine: FakeKernelOptions = {},
): ConfiguredStage => {
  const root = temporary(t)
  const two = [0, 1].map((id) => ({ id, memory: 4n * G }))
  const kernel: FakeKernel = Object.assign(fakeKernel({ nodes: two, ...machine }), { root })
  const calls: string[] = []
  let mounts: readonly Mounted[] = []
  let next = 100
  const show = () => {
    const lines = ['1 0 0:1 / / rw - ext4 /dev/vda rw', ...mounts.map(({ line }) => line)]
    kernel.extra.set(mountinfo, `${lines.join('\n')}\n`)
  }
  const write = (path: string, text: string) => {
    const file = join(root, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  const add = (target: string, options: string, type = 'hugetlbfs', flags = 'rw,nosuid,nodev') => {
    const [size, least] = [optionIn(options, 'pagesize'), optionIn(options, 'min_size')]
    const id = next
    next += 1
    const line = `${id} 1 0:${id} / ${target} ${flags},relatime - ${type} none rw,${options}`
    const reserved = size && least ? kernel.map(size, least / size) : undefined
    mounts = [...mounts, { id, target, line, ...(reserved && { reserved }) }]
    show()
  }
  const remove = (target: string) => {
    const last = mounts.findLast((one) => one.target === target)
    if (last === undefined) throw systemError('EINVAL', 'umount')
    last.reserved?.unmap()
    mounts = mounts.filter((one) => one !== last)
    show()
  }
  const call = (name: 'mount' | 'umount', target: string) => {
    calls.push(`${name} ${target}`)
    if (stage.refusal?.call === name) throw systemError(stage.refusal.errno, name)
  }
  const native: Native = nativeWith({
    flock: () => {},
    fsopen: () => {
      throw systemError('ENOSYS', 'fsopen')
    },
    mount: (_source, target, type, _bits, data) => {
      call('mount', target)
      add(target, data, type)
    },
    umount: (target) => {
      call('umount', target)
      remove(target)
    },
  })
  const stage: ConfiguredStage = {
    kernel,
    root,
    refusal: undefined,
    calls,
    write,
    mount: (target, options, type) => add(target, options, type),
    unmount: remove,
    run: (line, around = {}) => onFake(kernel, line, { native, ...around }),
  }
  write('/etc/hugepool.toml', configuration)
  kernel.extra.set('/etc/group', 'root:x:0:\ndb:x:70:\n')
  write('/run/nothing', '')
  for (const name of ['huge', 'big']) mkdirSync(join(root, 'mnt', name), { recursive: true })
  show()
  return stage
}
