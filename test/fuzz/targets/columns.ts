import { deepStrictEqual as same } from 'node:assert/strict'
import { textWithEscapes, withoutOctalEscapes } from '../../../src/model/etc/octal-escapes.ts'
import { isText, type Octets, octets, textOf } from '../../../src/model/etc/octets.ts'
import { cellText, selectColumns } from '../../../src/output/columns.ts'
import { poolColumns } from '../../../src/output/pools/pool-rows.ts'
import { octetsOf, unlessRefused } from '../expected.ts'

const known = poolColumns.map(({ name }) => name)

const read = (text: Octets): void => {
  const output = textOf(text)
  const names = unlessRefused(() => selectColumns(poolColumns, { output, all: false, also: [] }))
  for (const name of names ?? []) same(known.includes(name), true)
  // The choice that was made is a choice that makes it again.
  if (names !== undefined)
    same(selectColumns(poolColumns, { output: names.join(), all: false, also: [] }), names)
  const field = cellText(output, { bytes: false, raw: true })
  same(/^[^\s\p{Cc}\p{Cf}]+$/u.test(field), true)
  if (isText(text) && output !== '')
    same(withoutOctalEscapes(octets(field)), field === '-' ? octets('-') : text)
  same(/\p{Cc}/u.test(cellText(output, { bytes: false, raw: false })), false)
  same(/["`$\p{Cc}]/u.test(cellText(output, { bytes: false, raw: false, pairs: true })), false)
  textWithEscapes(text)
}

/** --output COLUMNS, and any name in a cell, which is no longer than an input. */
export const fuzz = (data: Buffer): void => read(octetsOf(data))
