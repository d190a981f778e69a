import { spawn } from 'node:child_process'
import { type Boot, tellingLine } from '../vm/qemu.ts'

/** What a kernel made of a line. */
export interface FoundBoot {
  readonly defaultSize: bigint
  readonly kept: bigint
  /** Pages by size and node. */
  readonly pools: readonly (readonly [size: bigint, node: number, pages: bigint])[]
  /** The whole log, without its times. */
  readonly messages: readonly string[]
}

/** Seconds after which a kernel that says nothing has not booted. */
const limit = 90

const parse = (text: string): FoundBoot | undefined => {
  if (!/^# finished/m.test(text)) return undefined
  const lines = text.split(/\r?\n/)
  const field = (name: string) =>
    BigInt(
      /^\d+/.exec(lines.find((line) => line.startsWith(name))?.slice(name.length) ?? '')?.[0] ?? 0,
    )
  return {
    defaultSize: field('default ') * 1024n,
    kept: field('kept '),
    pools: lines.flatMap((line) => {
      const [, kilobytes, node, pages] = /^pool hugepages-(\d+)kB (\d+) (\d+)$/.exec(line) ?? []
      return kilobytes && node && pages
        ? [[BigInt(kilobytes) * 1024n, Number(node), BigInt(pages)] as const]
        : []
    }),
    messages: lines.flatMap((line) =>
      line.startsWith('message ') ? [line.slice('message '.length)] : [],
    ),
  }
}

/** Boots a kernel with a line behind the words that the emulator needs; undefined where it does not boot. */
export const bootLine = (boot: Boot): Promise<FoundBoot | undefined> =>
  new Promise((done, failed) => {
    const child = spawn('timeout', [`${limit}`, ...tellingLine(boot, 'null')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.setEncoding('latin1').on('data', (piece: string) => {
      text += piece
    })
    child.once('error', failed)
    child.once('close', () => done(parse(text)))
  })
