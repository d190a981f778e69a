import { deepStrictEqual as same } from 'node:assert/strict'
import {
  parseTunedProfile,
  tunedBootLine,
} from '../../../src/model/config/writers/tuned-profile.ts'
import { orderAgainst } from '../../../src/model/config/writers/unit-order.ts'
import * as writers from '../../../src/model/config/writers/writer-lines.ts'
import { slicePath, unitSettingsOf } from '../../../src/model/doctor/unit-settings.ts'
import { type Octets, textOf } from '../../../src/model/etc/octets.ts'
import { pathParts } from '../../../src/model/etc/path-parts.ts'
import {
  directoryOfUnit,
  unitName,
  unitText,
} from '../../../src/model/mounts/persist/systemd-unit.ts'
import { readAlsoRepeated, unlessRefused } from '../expected.ts'

const textFor = (target: string): string =>
  unitText({ target, pageSize: 2n ** 21n, uid: 0, gid: 0, mode: '0755', flags: [] })

const usualLines = textFor('/mnt/huge').split('\n').length

const readPath = (target: string): void => {
  const name = unitName(target)
  if (name !== undefined) same(directoryOfUnit(name), `/${pathParts(target).join('/')}`)
  directoryOfUnit(target)
  const text = unlessRefused(() => textFor(target))
  // A name that somebody chose adds no line, and stands in the one that it belongs to.
  if (text === undefined) return
  same(text.split('\n').length, usualLines)
  const where = text.split('\n').find((line) => line.startsWith('Where='))
  same(where?.slice(6).replaceAll('%%', '%'), target)
}

const read = (text: Octets): void => {
  readPath(textOf(text))
  const settings = unitSettingsOf(text)
  if (settings !== undefined) slicePath(settings.slice)
  parseTunedProfile(text)
  tunedBootLine(text)
  orderAgainst(text)
  const lines = [
    writers.sysctlLines,
    writers.tmpfilesLines,
    writers.sysfsLines,
    writers.scriptLines,
  ]
  const programs = [writers.dpdkLines, writers.pfRingLines, writers.xmrigLines, writers.nitroLines]
  for (const reader of [...lines, ...programs, writers.rebootLines, writers.execLines])
    same(Array.isArray(reader(text)), true)
  writers.execPrograms(text)
}

/** Units, what systemctl shows of them, and the files of others that change pools at a start. */
export const fuzz = (data: Buffer): void => readAlsoRepeated(data, read)
