import type { Writer } from '../../model/config/writers/writer.ts'
import type { WriterDocument } from '../schemas/documents.ts'

/** The attributes that a document names of what else sets something at a start. */
const attributes = ['persistent', 'overcommit', 'shm-group'] as const

/** Returns a writer in the form of JSON documents. */
export const writerDocument = ({ what, ...writer }: Writer): WriterDocument => {
  const { source, value, file, line, when, wins, agrees } = writer
  return {
    source,
    attribute: attributes.find((each) => each === what?.attribute),
    pageSize: what?.size,
    node: what?.node,
    ...{ value, file, line, when, wins, agrees },
  }
}
