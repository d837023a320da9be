namespace Fairlead.Agent;

sealed record BringUpRequest(long Token, RevisionMessage Revision);
