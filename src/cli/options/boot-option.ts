import { knownArchitectures } from '../../model/boot/boot-architectures.ts'
import type { Option } from './option.ts'

export const lineOption = {
  name: 'line',
  value: 'WORDS',
  excludes: ['default', 'hvo', 'cma', 'from-config', 'leave'],
  help: 'explain these words, not the line of this start',
}
export const kernelOption = {
  name: 'kernel',
  value: 'SERIES',
  help: 'as a kernel of this series reads it: 6.12; with --check also all',
  columns: { all: 'KERNELS' },
}
export const archOption = {
  name: 'arch',
  value: 'ARCH',
  choices: [...knownArchitectures, 'arm64', 'amd64'],
  help: 'as a kernel of this architecture reads it, such as aarch64',
} satisfies Option
export const basePageOption = {
  name: 'base-page',
  value: 'SIZE',
  help: 'with --arch: base pages of this size, such as 64K',
}
export const checkLineOption = {
  name: 'check',
  excludes: ['default', 'hvo', 'cma', 'from-config', 'leave'],
  help: 'show what is wrong alone, and what to write instead; 5 if there is any',
  column: ['PLACE', 'INSTEAD'],
}
export const defaultSizeOption = {
  name: 'default',
  value: 'SIZE',
  help: 'write a line with this default page size',
}
export const freeVmemmapOption = {
  name: 'hvo',
  value: 'WHEN',
  choices: ['on', 'off'],
  help: 'write a line that frees the page structs of huge pages, or does not',
}
export const cmaOption = {
  name: 'cma',
  value: 'ASSIGNMENT',
  help: 'write a line with areas of CMA as large as these pages: 1G=0:4',
}
export const fromConfigOption = {
  name: 'from-config',
  excludes: ['default', 'hvo', 'cma'],
  help: 'write the line that the configuration wants',
}
