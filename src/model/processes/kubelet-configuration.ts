import type { Bytes } from '../words/bytes.ts'
import { parseBytes } from '../words/bytes.ts'
import type { PageSize } from '../words/page-size.ts'

/** Where the files of a kubelet are. */
export interface KubeletFiles {
  /** Its configuration (--config). */
  readonly config: string
  /** The checkpoint of its memory manager (pkg/kubelet/cm/memorymanager/state). */
  readonly state: string
}

const usualDirectory = '/var/lib/kubelet'

const flagOf = (words: readonly string[], name: string): string | undefined => {
  const at = words.findLastIndex((word) => word === name || word.startsWith(`${name}=`))
  const word = words[at]
  return word === name ? words[at + 1] : word?.slice(name.length + 1)
}

/** The files of a kubelet that was started by these words. */
export const kubeletFiles = (words: readonly string[]): KubeletFiles => ({
  config: flagOf(words, '--config') || `${usualDirectory}/config.yaml`,
  state: `${flagOf(words, '--root-dir') || usualDirectory}/memory_manager_state`,
})

/** The values of a KubeletConfiguration, each as a text, by their keys. It is YAML or JSON. */
const valuesIn = (text: string): ReadonlyMap<string, string> => {
  if (text.trimStart().startsWith('{')) {
    try {
      return new Map(
        Object.entries(JSON.parse(text)).map(([key, value]) => [key, JSON.stringify(value)]),
      )
    } catch {
      return new Map()
    }
  }
  const plain = text.replaceAll(/(^|\s)#.*/g, '$1')
  // The items of a list may begin where its key does.
  return new Map(
    [...plain.matchAll(/^(\w+):(.*(?:\n(?:[ \t-].*)?)*)/gm)].map(([, key = '', value = '']) => [
      key,
      value,
    ]),
  )
}

/** The amounts of a value by page size, as in `hugepages-2Mi: 1Gi`. Kubernetes takes binary units. */
const amountsIn = (value = ''): ReadonlyMap<PageSize, Bytes> => {
  const amounts = new Map<PageSize, Bytes>()
  for (const [, name = '', amount = ''] of value.matchAll(
    /hugepages-(\w+)["']?\s*:\s*["']?(\d+(?:[KMGT]i)?)(?![\w.])/g,
  )) {
    const size = parseBytes(name)
    if (size !== undefined)
      amounts.set(size, (amounts.get(size) ?? 0n) + (parseBytes(amount) ?? 0n))
  }
  return amounts
}

/**
 * The memory in pools that a kubelet keeps from pods, by page size: what `systemReserved` and
 * `kubeReserved` say together, or `reservedMemory` of all nodes, which has to say the same.
 */
export const pagesKept = (text: string): ReadonlyMap<PageSize, Bytes> => {
  const values = valuesIn(text)
  const amounts = (key: string) => amountsIn(values.get(key))
  const [system, kube, byNode] = [
    amounts('systemReserved'),
    amounts('kubeReserved'),
    amounts('reservedMemory'),
  ]
  const sizes = new Set([...system.keys(), ...kube.keys(), ...byNode.keys()])
  return new Map(
    [...sizes].map((size) => {
      const together = (system.get(size) ?? 0n) + (kube.get(size) ?? 0n)
      const nodes = byNode.get(size) ?? 0n
      return [size, together > nodes ? together : nodes]
    }),
  )
}
