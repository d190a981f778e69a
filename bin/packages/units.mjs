import { join } from 'node:path'
import { build } from 'esbuild'
import { programPath } from './tree.mjs'

/** What the sources say of units and scripts, for this one. */
const entry = `
  export { openrcScript } from './src/model/config/service/init-scripts.ts'
  export { applyUnitText } from './src/model/config/service/apply-unit.ts'
  export { serviceUnit } from './src/model/config/service/service-kind.ts'
  export { packagedText } from './src/model/config/service/packaged-unit.ts'
  export { timerText, writingText } from './src/model/telemetry/timer-units.ts'
  export { timerUnit, usualTextfile, writingUnit } from './src/model/telemetry/metrics-timer.ts'
`

const sourcesOf = async (top) => {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: top, loader: 'ts' },
    absWorkingDir: top,
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    outfile: join(top, 'units.mjs'),
    logLevel: 'warning',
  })
  const text = Buffer.from(outputFiles[0].contents).toString('base64')
  return import(`data:text/javascript;base64,${text}`)
}

/** The units of systemd that a package has, by name, as hugepool itself would write them for its program. */
export const unitsOf = async (top) => {
  const sources = await sourcesOf(top)
  const words = [programPath]
  const written = { textfile: sources.usualTextfile, holders: false }
  const texts = {
    [sources.serviceUnit]: sources.applyUnitText({ words, form: 'early', late: [] }),
    [sources.writingUnit]: sources.writingText(words, written),
    [sources.timerUnit]: sources.timerText,
  }
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, sources.packagedText(text)]),
  )
}

/** The script of OpenRC for the program of a package, with the line by which 'hugepool service' knows it. */
export const openrcOf = async (top) => {
  const { openrcScript } = await sourcesOf(top)
  return openrcScript({ words: [programPath], form: 'early', late: [] })
}
