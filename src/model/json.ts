/** What a document is made of: counts and bytes are bigint, printed with all their digits. */
export type Json = string | number | bigint | boolean | readonly Json[] | JsonObject

/** A document, or a part of one: what is undefined is left out. */
export type JsonObject = { readonly [key: string]: Json | undefined }
