import { knownArchitectures } from '../../model/boot/boot-architectures.ts'
import type { Option } from './option.ts'

// The options of `boot` are in this file.

export const lineOption = {
  name: 'line',
  value: 'WORDS',
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
  help: 'show what is wrong alone, and what to write instead; 5 if there is any',
  column: ['PLACE', 'INSTEAD'],
}
