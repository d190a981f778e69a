import { readIfReadable } from '../../kernel/read-attribute.ts'
import type { Tree } from '../../kernel/tree.ts'
import { textOf } from '../../model/etc/octets.ts'
import { poolsCounted } from '../../model/processes/kubelet-checkpoint.ts'
import { kubeletFiles, pagesKept } from '../../model/processes/kubelet-configuration.ts'
import type { KubeletFacts } from '../../model/processes/kubelet-facts.ts'
import { present } from '../../model/words/present.ts'
import type { Noting } from './note-errors.ts'

/** Looks at what the kubelet that runs as process `pid` says of the pools. */
export const lookAtKubelet = (tree: Tree, pid: number, { note }: Noting): KubeletFacts => {
  const line = readIfReadable(tree, `/proc/${pid}/cmdline`)
  const { config, state } = kubeletFiles(line === undefined ? [] : textOf(line).split('\0'))
  const text = readIfReadable(tree, state)
  if (text === undefined) note(`${state}: cannot be read: what the kubelet counts is not known`)
  const settings = readIfReadable(tree, config)
  if (settings === undefined)
    note(`${config}: cannot be read: what the kubelet keeps from pods is not known`)
  return present({
    pid,
    file: state,
    config,
    counted: text && poolsCounted(text),
    kept: settings && pagesKept(textOf(settings)),
  })
}
