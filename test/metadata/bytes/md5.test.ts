import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { md5 } from "../../../src/metadata/bytes/md5.ts";

describe("md5", () => {
  it("gives the digests of RFC 1321", () => {
    expect(md5(Buffer.from(""))).toBe("d41d8cd98f00b204e9800998ecf8427e");
    expect(md5(Buffer.from("message digest"))).toBe("f96b697d7cb7938d525a2f31aaf161d0");
  });
  it("agrees with OpenSSL around the ends of blocks", () => {
    for (const length of [1, 55, 56, 57, 63, 64, 65, 119, 120, 1000]) {
      const bytes = Buffer.alloc(length, 0xa5);
      expect(md5(bytes), `${length} bytes`).toBe(createHash("md5").update(bytes).digest("hex"));
    }
  });
});
