#pragma once

#include "campaign.h"

#include <string>

namespace ringer::oracle {

/// Coverage by instruction set, as a table for a terminal.
std::string coverage_text(const std::vector<Form>& forms, const CampaignResult& result);

/// One object for each form.
std::string coverage_json(const std::vector<Form>& forms, const CampaignResult& result);

/// A document: what was run and on which CPU, the table, and a line with its reason for everything that is
/// not compared.
std::string coverage_markdown(const std::vector<Form>& forms, const CampaignResult& result,
                              const CampaignOptions& options);

/// False, with a message on standard error, when the file cannot be written.
bool write_file(const std::string& path, const std::string& contents);

} // namespace ringer::oracle
