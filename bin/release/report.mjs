import Table from 'cli-table3'

const none = { 'top-mid': '', 'bottom-mid': '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' }
const chars = Object.fromEntries(
  [...Object.keys(none), 'top', 'top-left', 'top-right', 'bottom', 'bottom-left', 'bottom-right']
    .concat('left', 'mid', 'right', 'middle')
    .map((place) => [place, '']),
)

/** Lays rows out without lines between them. */
const tableOf = (head, rows, colAligns = []) => {
  const style = { 'padding-left': 0, 'padding-right': 2, head: [], border: [] }
  const table = new Table({ head, chars, style, colAligns })
  table.push(...rows)
  return `${table.toString().replaceAll(/ +$/gm, '')}\n`
}

/** What was looked at, and under it what is to be done. */
export const checksText = (findings) => {
  const rows = findings.map(({ check, found, todo }) => [
    check,
    todo === undefined ? 'ok' : 'FAULT',
    found,
  ])
  const todos = findings.filter(({ todo }) => todo !== undefined)
  const lines = todos.map(({ check, todo }) => `${check}: ${todo}\n`)
  return `${tableOf(['CHECK', 'RESULT', 'FOUND'], rows)}${lines.length === 0 ? '' : '\nto do:\n'}${lines.join('')}`
}

/** What would be published: the beginning of each sum tells two files apart. */
export const filesText = (files) =>
  tableOf(
    ['FILE', 'WHAT', 'BYTES', 'SHA-256'],
    files.map(({ name, what, bytes, sum }) => [
      name,
      what,
      bytes === undefined ? '-' : `${bytes}`,
      sum === undefined ? 'missing' : sum.slice(0, 16),
    ]),
    ['left', 'left', 'right', 'left'],
  )
