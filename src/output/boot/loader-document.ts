import type { BootPrediction } from '../../model/boot/predict-boot.ts'
import type { LoaderDocument } from '../schemas/documents.ts'
import { predictedDocument } from './boot-document.ts'

/** A line that is or will be booted. */
interface BootedLine {
  readonly line: string
  readonly words: string
  readonly predicted?: BootPrediction
}

/** What is told of a boot loader. */
export interface LoaderFacts {
  readonly action: LoaderDocument['action']
  readonly outcome?: LoaderDocument['outcome']
  readonly loader: { readonly name: string; readonly title: string }
  /** What a person has to do. */
  readonly lines?: readonly string[]
  readonly configured?: { readonly path: string; readonly words: string }
  readonly next?: BootedLine & {
    readonly path: string
    readonly title: string
    readonly release?: string
  }
  readonly kexec?: Partial<BootedLine> & { readonly path: string }
  readonly now?: BootedLine
  readonly differs?: readonly ('next-boot' | 'kexec' | 'this-boot')[]
}

const booted = ({ line, words, predicted }: BootedLine) => ({
  line,
  words,
  predicted: predicted && predictedDocument(predicted),
})

/** Returns what is told of a boot loader in the form of JSON documents. */
export const loaderDocument = (facts: LoaderFacts): LoaderDocument => {
  const { action, outcome, loader, lines, configured, next, kexec, now, differs } = facts
  return {
    action,
    outcome,
    loader: { name: loader.name, title: loader.title },
    lines: lines && [...lines],
    configured: configured && { path: configured.path, words: configured.words },
    next: next && {
      path: next.path,
      title: next.title,
      release: next.release,
      ...booted(next),
    },
    kexec: kexec && {
      path: kexec.path,
      line: kexec.line,
      words: kexec.words,
      predicted: kexec.predicted && predictedDocument(kexec.predicted),
    },
    now: now && booted(now),
    differs: differs && [...differs],
  }
}
