import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import type { Test } from 'tap'

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
  const usual = Object.fromEntries(calls.map((name) => [name, fs[name]]))
  const change = (all: Readonly<Record<string, unknown>>) => {
    Object.assign(fs, all)
    syncBuiltinESMExports()
  }
  const failing = only.map((name) => [
    name,
    (asked: unknown, ...rest: unknown[]) => {
      if (isMeant(asked)) throw Object.assign(new Error(code), { code, errno: -1, syscall: 'open' })
      return (usual[name] as Call)(asked, ...rest)
    },
  ])
  change(Object.fromEntries(failing))
  t.teardown(() => change(usual))
}
