/** What a document is made of: counts and bytes are bigint, printed with all their digits. */
export type Json =
  | string
  | number
  | bigint
  | boolean
  | readonly Json[]
  | { readonly [key: string]: Json | undefined }
