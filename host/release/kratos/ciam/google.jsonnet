// Google's claims to the traits of schema "default". The provider's word that an address is verified is not taken:
// Kratos verifies it again, so claims.email_verified is left alone.
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
