import type fs from 'node:fs'
import type { Test } from 'tap'
import { standIn } from './standing-in.ts'

type Call = (path: unknown, ...rest: unknown[]) => unknown

const calls = [
  'accessSync',
  'openSync',
  'readFileSync',
  'readdirSync',
  'readlinkSync',
  'statSync',
  'lstatSync',
  'statfsSync',
  'unlinkSync',
  'linkSync',
] as const

/**
 * From now on everything that is asked about one path, or about those of a pattern, answers so, whoever
 * asks: the right that root has not lacks here.
 */
export const answering = (
  t: Test,
  path: string | RegExp,
  code: string,
  only: readonly (typeof calls)[number][] = calls,
): void => {
  const isMeant = (asked: unknown): boolean =>
    typeof path === 'string' ? asked === path : path.test(String(asked))
  const failing =
    (name: keyof typeof fs) =>
    (asked: unknown, ...rest: unknown[]) => {
      if (isMeant(asked)) throw Object.assign(new Error(code), { code, errno: -1, syscall: 'open' })
      return (usual[name] as Call)(asked, ...rest)
    }
  const usual = standIn(t, Object.fromEntries(only.map((name) => [name, failing(name)])))
}
