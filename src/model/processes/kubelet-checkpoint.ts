import { jsonIn } from '../etc/json-value.ts'
import type { Octets } from '../etc/octets.ts'
import type { Bytes } from '../words/bytes.ts'
import { parseBytes } from '../words/bytes.ts'
import type { PageSize } from '../words/page-size.ts'

const objectIn = (value: unknown, key: string): Readonly<Record<string, unknown>> => {
  const found = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {}
}

/**
 * The memory in pools that a kubelet counted when it started, of all nodes together, by page size: in
 * `machineState.NODE.memoryMap.hugepages-2Mi.total`. Undefined where there is no such key, as with the
 * policy None, or where the text is something else.
 */
export const poolsCounted = (text: Octets): ReadonlyMap<PageSize, Bytes> | undefined => {
  const nodes = objectIn(jsonIn(text), 'machineState')
  const counted = new Map<PageSize, Bytes>()
  for (const node of Object.keys(nodes)) {
    const memory = objectIn(nodes[node], 'memoryMap')
    for (const name of Object.keys(memory)) {
      const size = name.startsWith('hugepages-') ? parseBytes(name.slice(10)) : undefined
      const { total } = objectIn(memory, name)
      if (size !== undefined && Number.isSafeInteger(total))
        counted.set(size, (counted.get(size) ?? 0n) + BigInt(total as number))
    }
  }
  return counted.size === 0 ? undefined : counted
}
