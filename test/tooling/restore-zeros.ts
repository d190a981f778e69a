import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
// @ts-expect-error: a script of the build has no types
import { restoreZeros } from '../../bin/one-file/restore-zeros.mjs'
import { temporary } from '../helpers/run.ts'

interface Segment {
  readonly type: number
  readonly address: number
  readonly content: string
}

const [loaded, note] = [1, 4]
const fileHeader = 64
const programHeader = 56

/** A 64-bit executable of segments, in the order of the words of elf(5). */
const executable = (segments: readonly Segment[]): Buffer => {
  const head = Buffer.alloc(fileHeader + programHeader * segments.length)
  head.writeBigUInt64LE(BigInt(fileHeader), 32)
  head.writeUInt16LE(programHeader, 54)
  head.writeUInt16LE(segments.length, 56)
  let offset = head.length
  for (const [index, { type, address, content }] of segments.entries()) {
    const at = fileHeader + programHeader * index
    head.writeUInt32LE(type, at)
    head.writeBigUInt64LE(BigInt(offset), at + 8)
    head.writeBigUInt64LE(BigInt(address), at + 16)
    head.writeBigUInt64LE(BigInt(content.length), at + 32)
    offset += content.length
  }
  return Buffer.concat([head, ...segments.map(({ content }) => Buffer.from(content))])
}

/** How many octets the file has of each segment. */
const sizesIn = (octets: Buffer): readonly number[] =>
  Array.from({ length: octets.readUInt16LE(56) }, (_, index) =>
    Number(octets.readBigUInt64LE(fileHeader + programHeader * index + 32)),
  )

const restored = (t: Test, made: readonly Segment[], origin: readonly Segment[]): Buffer => {
  const directory = temporary(t)
  const [file, first] = [join(directory, 'made'), join(directory, 'origin')]
  writeFileSync(file, executable(made))
  writeFileSync(first, executable(origin))
  restoreZeros(file, first)
  return readFileSync(file)
}

const code = { type: loaded, address: 0x1000, content: 'code' }
const data = { type: loaded, address: 0x2000, content: 'data' }
const zeros = { ...data, content: 'data\0\0\0' }

t.test('zeros that Node has put into the file are the kernel’s again', async (t) => {
  const inside = { type: note, address: 0x3000, content: 'inside' }
  const added = { type: loaded, address: 0x3000, content: 'inside' }
  const made = [code, zeros, added, inside]
  const octets = restored(t, made, [code, data])
  t.strictSame(sizesIn(octets), [4, 4, 6, 6])
  // Nothing but that number differs.
  const expected = executable(made)
  expected.writeBigUInt64LE(4n, fileHeader + programHeader + 32)
  t.strictSame(octets, expected)
})

t.test('what the origin has none of, has as much or more of, or does not load stays', async (t) => {
  const held = { ...zeros, type: note }
  for (const [made, origin] of [
    [[code, zeros], [code]],
    [
      [code, zeros],
      [code, zeros],
    ],
    [
      [code, data],
      [code, zeros],
    ],
    [
      [code, held],
      [code, data],
    ],
    [
      [code, zeros],
      [code, { ...data, type: note }],
    ],
  ] as const)
    t.strictSame(restored(t, made, origin), executable(made))
})

t.test('a segment that has something else there is an error, and stays', async (t) => {
  const message = 'a segment has more than zeros at its end'
  for (const content of ['data\0\0x', 'datax\0\0', 'data\0x\0'])
    t.throws(() => restored(t, [code, { ...data, content }], [code, data]), { message }, content)
})
