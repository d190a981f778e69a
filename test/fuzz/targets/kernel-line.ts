import { deepStrictEqual as same } from 'node:assert/strict'
import type { BootMachine } from '../../../src/model/boot/boot-machine.ts'
import { splitKept, splitLine } from '../../../src/model/boot/command-line.ts'
import type { KernelSeries } from '../../../src/model/boot/kernel-series.ts'
import { predictBoot } from '../../../src/model/boot/predict-boot.ts'
import { readAlsoRepeated } from '../expected.ts'

const G = 2n ** 30n

const machine: BootMachine = {
  sizes: [2n ** 21n, G],
  usualSize: 2n ** 21n,
  largestBlock: 2n ** 22n,
  nodes: [
    { node: 0, memory: 8n * G },
    { node: 1, memory: 4n * G },
  ],
  cpus: 4,
  wordsKept: 5,
  lineKept: 2047,
  hasCma: true,
  hasFreeVmemmap: true,
}

const series: readonly KernelSeries[] = [
  [5, 6],
  [5, 10],
  [5, 15],
  [6, 1],
  [6, 12],
  [6, 18],
  [7, 3],
]

const read = (line: string): void => {
  const { words, forInit } = splitLine(line)
  for (const { text, at } of [...words, ...forInit]) same(line.slice(at, at + text.length), text)
  // Between words is nothing but blanks, so that no word is lost.
  same([...words, ...forInit].map(({ text }) => text).join('').length <= line.length, true)
  splitKept(line, 100)
  for (const one of series) {
    const { pools, defaultSize } = predictBoot(line, one, machine)
    same(typeof defaultSize, 'bigint')
    for (const { total, nodes, size } of pools) {
      same(
        total,
        nodes.reduce((sum, node) => sum + node.total, 0n),
      )
      same(total * size <= 12n * G, true)
    }
  }
}

/** The kernel's command line, and what kernels make of it. */
export const fuzz = (data: Buffer): void => readAlsoRepeated(data, read)
