// Microsoft's claims to the traits of schema "default". The address is what the tenant says of it: Kratos verifies it again.
local claims = std.extVar('claims');
local optional(trait, claim) = if claim in claims then { [trait]: claims[claim] } else {};

{
  identity: {
    traits:
      { email: claims.email }
      + optional('first_name', 'given_name')
      + optional('last_name', 'family_name'),
  },
}
