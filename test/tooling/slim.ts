import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
// @ts-expect-error: a script of the build has no types
import { slim } from '../../bin/one-file/slim.mjs'
import { temporary } from '../helpers/run.ts'

const number = (value: number): Buffer => {
  const octets = Buffer.alloc(8)
  octets.writeBigUInt64LE(BigInt(value))
  return octets
}

const sized = (text: string): Buffer => Buffer.concat([number(text.length), Buffer.from(text)])

/** The code caches of modules, as Node writes them after the memory that it saves. */
const codes = (count: number): Buffer =>
  Buffer.concat([
    number(count),
    ...Array.from({ length: count }, (_, index) =>
      Buffer.concat([sized(`module-${index}`), sized('code'.repeat(index))]),
    ),
  ])

const magic = Buffer.from([0x19, 0xda, 0x43, 0x01])

/** Saved memory. What is like a length of something in it leads to the list of codes, or past it. */
const memory = (list: Buffer): Buffer =>
  Buffer.concat([magic, number(150), sized('all of'), number(300), Buffer.from('it'), list])

const note = (name: string, content: Buffer): Buffer => {
  const head = Buffer.alloc(12)
  head.writeUInt32LE(name.length + 1)
  head.writeUInt32LE(content.length, 4)
  const padding = (length: number) => Buffer.alloc((4 - (length % 4)) % 4)
  const named = Buffer.from(`${name}\0`)
  return Buffer.concat([head, named, padding(named.length), content, padding(content.length)])
}

/** An executable with one program header of notes. */
const executable = (notes: Buffer): Buffer => {
  const head = Buffer.alloc(64 + 56)
  head.writeBigUInt64LE(64n, 32)
  head.writeUInt16LE(56, 54)
  head.writeUInt16LE(1, 56)
  head.writeUInt32LE(4, 64)
  head.writeBigUInt64LE(BigInt(head.length), 64 + 8)
  head.writeBigUInt64LE(BigInt(notes.length), 64 + 32)
  return Buffer.concat([head, notes, Buffer.from('sections')])
}

const blob = (saved: Buffer): Buffer =>
  Buffer.concat([Buffer.from('prefix'), number(saved.length), saved, sized('an asset')])

const slimmed = (t: Test, octets: Buffer): Buffer => {
  const file = join(temporary(t), 'program')
  writeFileSync(file, octets)
  slim(file)
  return readFileSync(file)
}

t.test('the code of modules is taken out, and what follows moves up', async (t) => {
  const around = (saved: Buffer, rest: number) => {
    const content = Buffer.concat([blob(saved), Buffer.alloc(rest)])
    return executable(
      Buffer.concat([note('GNU', Buffer.from('12345')), note('NODE_SEA_BLOB', content)]),
    )
  }
  const full = memory(codes(400))
  const bare = memory(codes(0))
  const made = slimmed(t, around(full, 0))
  t.strictSame(made, around(bare, full.length - bare.length))
})

t.test('what is not as Node makes it is an error, and stays', async (t) => {
  for (const [octets, message] of [
    [executable(note('GNU', Buffer.from('12345'))), 'no note NODE_SEA_BLOB'],
    [executable(note('NODE_SEA_BLOB', Buffer.from('nothing'))), 'no saved memory'],
    [
      executable(note('NODE_SEA_BLOB', blob(memory(codes(0))))),
      'the saved memory has no code caches of modules',
    ],
  ] as const)
    t.throws(() => slimmed(t, octets), { message })
})
