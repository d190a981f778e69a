import { readFileSync, writeFileSync } from 'node:fs'
import { numberAt, programHeaders } from './program-headers.mjs'

/** The note of an executable that has what is inside (node/src/node_sea.cc). */
const noteName = 'NODE_SEA_BLOB'
const typeOfNote = 4

/** How the memory that is saved begins (kMagic of node/src/node_snapshotable.h). */
const snapshotMagic = 0x143da19

const padded = (length) => Math.ceil(length / 4) * 4

/** Finds what the named one of the notes in a part of the file has. */
const noteIn = (notes) => {
  for (let at = 0; at < notes.length; ) {
    const [nameLength, length] = [notes.readUInt32LE(at), notes.readUInt32LE(at + 4)]
    const name = notes.toString('latin1', at + 12, at + 12 + noteName.length)
    const start = at + 12 + padded(nameLength)
    if (name === noteName) return notes.subarray(start, start + length)
    at = start + padded(length)
  }
  return undefined
}

/** Finds what the note of a 64-bit executable has, in octets of the file. */
const noteOf = (octets) => {
  for (const { type, offset, size } of programHeaders(octets)) {
    const note = type === typeOfNote && noteIn(octets.subarray(offset, offset + size))
    if (note) return note
  }
  throw new Error(`no note ${noteName}`)
}

/** Finds the saved memory. Its length, of eight octets, is before it. */
const snapshotOf = (note) => {
  const magic = Buffer.alloc(4)
  magic.writeUInt32LE(snapshotMagic)
  const start = note.indexOf(magic)
  const end = start < 8 ? start : start + numberAt(note, start - 8)
  if (end <= start || end > note.length) throw new Error('no saved memory')
  return { start, end }
}

/** Steps over what begins with its length, or returns more than the end. */
const over = (octets, at, end) => (at + 8 > end ? Infinity : at + 8 + numberAt(octets, at))

/** No name of a module of Node's own is longer. */
const longestName = 200

/** Whether a list of pairs, a name and the code of a module each, begins here and ends at the end. */
const isCodeList = (octets, from, end) => {
  let at = from + 8
  let left = numberAt(octets, from)
  for (; left > 0 && at < end; left -= 1) {
    const code = over(octets, at, end)
    if (code - at - 8 > longestName) return false
    at = over(octets, code, end)
  }
  return left === 0 && at === end
}

/** Where the list of code caches begins, which is the last thing in the saved memory. */
const codeListOf = (note, { start, end }) => {
  for (let at = start; at < end - 8; at += 1) {
    const count = note.readUInt32LE(at)
    if (
      count > 100 &&
      count < 10_000 &&
      note.readUInt32LE(at + 4) === 0 &&
      isCodeList(note, at, end)
    )
      return at
  }
  throw new Error('the saved memory has no code caches of modules')
}

/**
 * Takes the code caches of Node's own modules out of the saved memory of an executable. Node copies
 * all 4 MB of them at every start. A module that is not in the memory is compiled when it is needed.
 */
export const slim = (file) => {
  const octets = readFileSync(file)
  const note = noteOf(octets)
  const snapshot = snapshotOf(note)
  const list = codeListOf(note, snapshot)
  const end = list + 8
  note.writeBigUInt64LE(0n, list)
  note.writeBigUInt64LE(BigInt(end - snapshot.start), snapshot.start - 8)
  note.copyWithin(end, snapshot.end)
  note.fill(0, note.length - (snapshot.end - end))
  writeFileSync(file, octets)
}
