import { usage } from '../errors.ts'
import type { ColumnInfo } from '../output/columns.ts'
import { doctorColumns } from '../output/doctor/doctor-rows.ts'
import { findingColumns } from '../output/doctor/finding-rows.ts'
import type { Words } from './command.ts'
import { commonOptions, outputOption } from './options/option.ts'

const common: ReadonlySet<string> = new Set(commonOptions.map(({ name }) => name))

const namesOf = (columns: readonly ColumnInfo[]): readonly string[] =>
  columns.map(({ name }) => name)

const checkColumns = (values: Words['values'], shown: readonly string[]): void => {
  const typed = values[outputOption.name]?.replace(/^\+/, '').split(',') ?? []
  const other = typed.find((name) => !shown.includes(name.toUpperCase()))
  if (other !== undefined)
    throw usage(`'${other}' is no column here`, `the columns are ${shown.join(', ')}`)
}

/**
 * Throws E_USAGE for words about a mapping where there is no ASSIGNMENT, and for columns of the
 * table that is not shown.
 */
export const checkDoctorWords = ({ operands, switches, values }: Words): void => {
  if (operands.length === 0) {
    const typed = [...switches, ...Object.keys(values)].find((name) => !common.has(name))
    if (typed !== undefined) throw usage(`--${typed} needs an ASSIGNMENT`)
  }
  checkColumns(values, namesOf(operands.length === 0 ? findingColumns : doctorColumns))
}
