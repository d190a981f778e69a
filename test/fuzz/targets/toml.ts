import { deepStrictEqual as same } from 'node:assert/strict'
import { judgeFile } from '../../../src/model/config/config-file.ts'
import { printConfiguration } from '../../../src/model/config/print-configuration.ts'
import { parseToml, tomlText } from '../../../src/model/config/toml-text.ts'
import { isText, type Octets, octets, textOf } from '../../../src/model/etc/octets.ts'
import { readText, said } from '../../helpers/config.ts'
import { readAlsoRepeated, unlessRefused } from '../expected.ts'

const read = (file: Octets): void => {
  const judged = judgeFile(file, '/etc/hugepool.toml')
  // What is wrong is said at a line that the file has.
  if ('errors' in judged) {
    same(judged.errors.length > 0, true)
    same(
      judged.errors.filter(({ code }) => code !== 'E_CONFIG'),
      [],
    )
  }
  if (!isText(file)) return
  const text = textOf(file)
  const table = unlessRefused(() => parseToml(text, 'text'))
  if (table === undefined) return
  if ('read' in judged) {
    const configuration = unlessRefused(() => said(readText(text)))
    if (configuration !== undefined)
      same(said(readText(printConfiguration(configuration))), configuration)
  }
  const printed = unlessRefused(() => tomlText(table))
  if (printed !== undefined) same(judgeFile(octets(printed), 'again') !== undefined, true)
}

/** A file of the configuration, whose printed form is read as the same. */
export const fuzz = (data: Buffer): void => readAlsoRepeated(data, read)
